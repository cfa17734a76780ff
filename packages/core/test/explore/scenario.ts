/**
 * Runs the real primitives under the explorer: memory, identity and clock of each thread are the explorer's.
 *
 * @module
 */
import type { Context } from "@interlock/explore";
import type { Place } from "../../src/memory.ts";
import { SLICE_MS } from "../../src/roster.ts";
import { type Options, proveScenario } from "./prove.ts";
import { type Exploration, scenarioOf } from "./world.ts";

export type { Exploration };

/** Explores, and throws the finding with its schedule if there is one. */
export function prove<T>(name: string, exploration: Exploration<T>, options: Options): Promise<void> {
  return proveScenario(name, scenarioOf(exploration), { sliceMs: SLICE_MS, ...options });
}

/** Tells whoever waits in `counted` that one thread more has come so far. `word` lies behind the primitive. */
export function count(c: Context, word: number): void {
  const words = new Int32Array(c.buffer);
  Atomics.add(words, word, 1);
  Atomics.notify(words, word);
}

/** Sleeps until `n` threads have come so far. */
export function counted(c: Context, word: number, n: number): void {
  const words = new Int32Array(c.buffer);
  for (let seen = Atomics.load(words, word); seen < n; seen = Atomics.load(words, word)) Atomics.wait(words, word, seen);
}

/** A critical section that notices company. */
export function section(c: Context): void {
  const inside = c.get(0) + 1;
  c.set(0, inside);
  c.assert(inside === 1, `${inside} threads in the critical section`);
  c.mark();
  c.set(0, 0);
  c.set(1, c.get(1) + 1);
}

/** Whether `run` throws an error of a class. Whatever else is thrown passes on: it may be the explorer's. */
export function throws(ErrorClass: new (message: string) => Error, run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch (error) {
    if (error instanceof ErrorClass) return true;
    throw error;
  }
}

/** For what one thread does, or several in a fixed order: there is nothing to search. */
export const ONCE: Options = { bound: 0, pct: { schedules: 1 } };

/** As {@linkcode ONCE}, for blocking waits of more than a slice. */
export const SLICED: Options = { ...ONCE, sliceMs: Infinity };

/** Whether a promise settles without any wait. */
export async function soon(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  promise.then(settle, settle);
  for (let turn = 0; turn < 20; turn++) await undefined;
  return settled;
}

/** What a promise rejects with. */
export function reasonOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => "no rejection",
    (reason: unknown) => reason,
  );
}

/** A signal that has fired before. */
export function fired(reason: unknown): AbortSignal {
  const controller = new AbortController();
  controller.abort(reason);
  return controller.signal;
}

/** A place as a thread sees it that may not block. */
export function unblockable({ memory, offset }: Place): Place {
  const wait = (): never => {
    throw new TypeError("Atomics.wait cannot be called in this context");
  };
  return { memory: { ...memory, waiter: { ...memory.waiter, wait } }, offset };
}
