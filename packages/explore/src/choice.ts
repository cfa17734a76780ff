/**
 * The words of a schedule: each choice is a number while exploring, and a token in a report.
 *
 * | token    | choice                                                             |
 * | -------- | ------------------------------------------------------------------ |
 * | `1x3`    | thread 1 goes on, three times in a row (`1` is `1x1`)              |
 * | `e1`     | the blocking wait of thread 1 expires; `e1.2`: its async wait 2    |
 * | `t1.0`   | timer 0 of thread 1 fires                                          |
 * | `k1`     | thread 1 dies                                                      |
 * | `w1`     | a notify wakes thread 1; `w1.2`: its async wait 2                  |
 *
 * @module
 */

export const RUN = 0;
export const EXPIRE = 1;
export const FIRE = 2;
export const KILL = 3;
export const WAKE = 4;

const LETTERS = "-etkw";

/** A choice: its kind, a thread, and which wait or timer of that thread (-1 for none). */
export function encode(kind: number, thread: number, index: number): number {
  return (kind << 24) | (thread << 16) | (index + 1);
}

export function kindOf(choice: number): number {
  return choice >> 24;
}

export function threadOf(choice: number): number {
  return (choice >> 16) & 0xff;
}

/** Writes choices down as tokens. */
export function formatSchedule(choices: readonly number[]): string {
  const tokens: string[] = [];
  for (let i = 0; i < choices.length; ) {
    const choice = choices[i] as number;
    const start = i;
    while (choices[i] === choice && (i === start || kindOf(choice) === RUN)) i++;
    const index = (choice & 0xffff) - 1;
    const name = `${threadOf(choice)}${index < 0 ? "" : `.${index}`}`;
    tokens.push(kindOf(choice) === RUN ? `${name}x${i - start}` : `${LETTERS[kindOf(choice)]}${name}`);
  }
  return tokens.join(" ");
}

/** Reads tokens back. */
export function parseSchedule(schedule: string): number[] {
  return schedule.split(/\s+/).filter(Boolean).flatMap(parseToken);
}

function parseToken(token: string): number[] {
  const match = /^([etkw]?)(\d+)(?:\.(\d+))?(?:x(\d+))?$/.exec(token);
  if (match === null) throw new SyntaxError(`Cannot read schedule as its tokens must look like 0x3, e1, e1.2, t1.0, k1 or w1: received ${token}`);
  const [, letter, thread, index, times] = match;
  const choice = encode(letter === "" ? RUN : LETTERS.indexOf(letter as string), Number(thread), index === undefined ? -1 : Number(index));
  return Array.from({ length: times === undefined ? 1 : Number(times) }, () => choice);
}
