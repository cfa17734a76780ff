/**
 * Work that a thread may leave half-done when it dies: two plain words that belong together, and, as the truth, what each
 * seat has committed.
 *
 * @module
 */
import type { RawArray } from "@interlock/core";
import type { Tally } from "./crew.ts";
import type { Doom } from "./doom.ts";
import type { Lane } from "./lane.ts";
import { expect, expectEqual } from "./scenario.ts";
import { add, createWords, get, set } from "./words.ts";

const LEFT = 0;
const RIGHT = 1;
const INSIDE = 2;
/** What is counted here outlives whoever counted it. */
const COUNTS = ["abandonments", "repairs"] as const;
const COUNTED = 3;
const SEATS: number = COUNTED + COUNTS.length;

export function createLedger(seats: number): RawArray<"int32"> {
  return createWords(SEATS + seats);
}

export function count(ledger: Int32Array, what: (typeof COUNTS)[number]): void {
  Atomics.add(ledger, COUNTED + COUNTS.indexOf(what), 1);
}

/** The tally with what was counted in a ledger. */
export function withCounts(tally: Tally, ledger: Int32Array): Tally {
  const counts = COUNTS.map((what, i) => [what, get(ledger, COUNTED + i)] as const);
  for (const [what, n] of counts) expect(n <= tally.deaths, () => `Cannot accept ${n} ${what} as there were ${tally.deaths} deaths`);
  return { ...tally, counts: { ...tally.counts, ...Object.fromEntries(counts) } };
}

/** Whether whoever held the lock last has left things in order. */
export function isIntact(ledger: Int32Array): boolean {
  const sum = sumOf(ledger);
  return get(ledger, LEFT) === sum && get(ledger, RIGHT) === sum && get(ledger, INSIDE) === 0;
}

/** What all seats have committed. */
function sumOf(ledger: Int32Array): number {
  return ledger.subarray(SEATS).reduce((total, n) => total + n, 0);
}

/** Finishes, or undoes, what a dead thread began. */
export function repair(ledger: Int32Array): void {
  const sum = sumOf(ledger);
  set(ledger, LEFT, sum);
  set(ledger, RIGHT, sum);
  set(ledger, INSIDE, 0);
}

/** Does one piece of work, and maybe dies on the way. */
export async function commit(lane: Lane, ledger: Int32Array, doom: Pick<Doom, "point" | "pointNow"> | undefined, mayAwait: boolean): Promise<void> {
  const point = async (): Promise<void> => {
    if (!mayAwait) doom?.pointNow();
    else {
      await doom?.point();
      await lane.linger();
    }
  };
  set(ledger, INSIDE, lane.id);
  add(ledger, LEFT, 1);
  await point();
  add(ledger, SEATS + lane.seat.index, 1);
  await point();
  add(ledger, RIGHT, 1);
  lane.check(get(ledger, INSIDE) === lane.id, () => `Lane id ${get(ledger, INSIDE)} came in meanwhile`);
  set(ledger, INSIDE, 0);
}

/** Fails the scenario unless the words tell what was committed. Call it when nobody holds the lock. */
export function expectBalance(ledger: Int32Array): void {
  const sum = sumOf(ledger);
  expectEqual("the left word", get(ledger, LEFT), sum);
  expectEqual("the right word", get(ledger, RIGHT), sum);
}
