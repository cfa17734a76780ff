/**
 * How a contender is timed: it warms up, then runs several times, and the best run counts. The spread that matters lies
 * between processes, and `run.ts` shows it.
 *
 * @module
 */

const RUNS = 5;
/** Of what is awaited, and takes longer. */
const AWAITED_RUNS = 3;
/** It warms up by whole runs, and for so long at least: engines compile late what runs but once a call, and reuse memory once they have some. */
const WARM_UP_MS = 500;

/** A contender measures itself and returns nanoseconds for one operation, or what its case says. */
export type Contender = () => number | Promise<number>;

/** Nanoseconds for one operation of a loop that runs `operations` of them. */
export function nanoseconds(operations: number, loop: (operations: number) => void): number {
  loop(Math.ceil(operations / 10));
  let best = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const started = performance.now();
    loop(operations);
    best = Math.min(best, performance.now() - started);
  }
  return (best * 1e6) / operations;
}

/** The same of a loop that is awaited; `prepare` runs before each, untimed. */
export async function nanosecondsAwaited(operations: number, loop: () => Promise<unknown>, prepare: () => void = () => {}): Promise<number> {
  const time = async (): Promise<number> => {
    prepare();
    const started = performance.now();
    await loop();
    return performance.now() - started;
  };
  const warm = performance.now() + WARM_UP_MS;
  do await time();
  while (performance.now() < warm);
  let best = Infinity;
  for (let run = 0; run < AWAITED_RUNS; run++) best = Math.min(best, await time());
  return (best * 1e6) / operations;
}

/** Throws if a count is off: a wrong result has no speed. */
export function mustBe(expected: number, got: number): void {
  if (got !== expected) throw new Error(`Cannot time as the count must be ${expected}: received ${got}`);
}
