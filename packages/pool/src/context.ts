/**
 * What a task can ask about its own run.
 *
 * @module
 */
import { currentCall } from "./task-scope.ts";

/** A task's view of its own run. */
export interface TaskContext {
  /**
   * Aborted when whoever waits for this call has given up. The task has 100 ms then to settle; after that it costs its
   * worker. A task that never awaits hears of it by calling `context()` again.
   */
  readonly signal: AbortSignal;
  /**
   * Sends a value to the `onReport` of the call, which runs on. Comes before the result.
   *
   * @throws {TypeError} If it cannot be cloned, with its path.
   */
  report(value: unknown): void;
  /** The number of the worker in its pool, from 0. A worker that replaces another has a number of its own. */
  readonly workerId: number;
  /** An object of the worker's own, for what the initializer makes and tasks use. */
  readonly state: Record<PropertyKey, unknown>;
}

/**
 * Gives the context of the task that runs: its signal, its way to report, its worker's number and state.
 *
 * If the pool's `concurrency` is above 1, call it before the first `await` in a browser, which cannot tell tasks apart after it.
 *
 * @returns A snapshot of the run: ask again to see an abort in a task that never awaits.
 * @throws {TypeError} If no task runs here.
 *
 * @example
 * ```ts
 * import { context, Pool, task } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * export const countTo = task(import.meta, "countTo", (n: number) => {
 *   let i = 0;
 *   while (i < n && !context().signal.aborted) context().report(++i);
 *   return i;
 * });
 *
 * if (import.meta.main) {
 *   await using pool = new Pool({ size: 1 });
 *   const seen: unknown[] = [];
 *   assert.equal(await pool.apply(countTo, [3], { onReport: (value) => seen.push(value) }), 3);
 *   assert.deepEqual(seen, [1, 2, 3]);
 * }
 * ```
 */
export function context(): TaskContext {
  const call = currentCall();
  if (call === undefined) throw new TypeError("Cannot give a context as no task runs here: call context() in a task that a pool, a Thread or a Process runs");
  return call.context();
}
