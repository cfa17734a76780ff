/**
 * How a thread sleeps on a word, and how it is woken. The only file that waits or notifies.
 *
 * @module
 */

/** How a wait ended: woken, not begun because the word differed, or out of time. */
export type WaitResult = "ok" | "not-equal" | "timed-out";

/**
 * The seam between a word and the sleep on it. Threads use `futex`; processes and the explorer bring their own.
 *
 * An implementation MUST compare and sleep in one step with respect to `notify`, and MUST return after `timeoutMs`.
 */
export interface WaitBackend {
  /** Sleeps while `words[index] === expected`, at most `timeoutMs`. Throws `TypeError` where this thread may not block. */
  wait(words: Int32Array, index: number, expected: number, timeoutMs: number): WaitResult;
  /**
   * As `wait`, without blocking the thread. MUST settle unless `timeoutMs` is Infinity, may do so sooner than that as "timed-out", and
   * MUST NOT be relied on to keep the program alive.
   */
  waitAsync(words: Int32Array, index: number, expected: number, timeoutMs: number): Promise<WaitResult>;
  /** Wakes at most `count` sleepers of either kind; returns how many. */
  notify(words: Int32Array, index: number, count: number): number;
}

/**
 * Sleeping on `SharedArrayBuffer` words, by the engine's own `Atomics`. No fairness beyond the engine's, which wakes in the
 * order of sleeping.
 *
 * @example
 * ```ts
 * import { futex } from "@interlock/core/base";
 * import assert from "node:assert/strict";
 *
 * const words = new Int32Array(new SharedArrayBuffer(4));
 * assert.equal(futex.wait(words, 0, 1, 1000), "not-equal");
 * const woken = futex.waitAsync(words, 0, 0, 1000);
 * assert.equal(futex.notify(words, 0, Infinity), 1);
 * assert.equal(await woken, "ok");
 * ```
 */
export const futex: WaitBackend = {
  wait(words, index, expected, timeoutMs) {
    return Atomics.wait(words, index, expected, timeoutMs);
  },
  async waitAsync(words, index, expected, timeoutMs) {
    return Atomics.waitAsync(words, index, expected, timeoutMs).value;
  },
  notify(words, index, count) {
    return Atomics.notify(words, index, count);
  },
};
