/**
 * For tests of programs that use interlock: `@interlock/core/testing`.
 *
 * @module
 */
import { home } from "./sys/thread.ts";

/**
 * How many waits, of all threads that share memory with this one, ended only because a slice ran out. While no thread
 * dies, that means a wake was lost: assert that it does not grow.
 *
 * A wake that comes at the very end of a slice is counted too. So lengthen the slices first, beyond any wait of the test:
 * see {@linkcode setSlice}.
 *
 * @example
 * ```ts
 * import { Lock } from "@interlock/core";
 * import { setSlice, sliceRescues } from "@interlock/core/testing";
 * import assert from "node:assert/strict";
 *
 * setSlice(10_000);
 * const before = sliceRescues();
 * new Lock().run(() => {});
 * assert.equal(sliceRescues(), before);
 * setSlice(50);
 * ```
 */
export function sliceRescues(): number {
  return home().roster.rescues;
}

/**
 * Sets how long a slice is for all threads that share memory with this one: 50 ms unless set.
 *
 * Sleepers learn of a death only at the end of a slice, so lengthen slices only while nobody dies.
 *
 * @param milliseconds An integer >= 1.
 * @throws {RangeError} If it is not.
 *
 * @example
 * ```ts
 * import { setSlice } from "@interlock/core/testing";
 * import assert from "node:assert/strict";
 *
 * assert.throws(() => setSlice(0), RangeError);
 * ```
 */
export function setSlice(milliseconds: number): void {
  if (!Number.isInteger(milliseconds) || milliseconds < 1) {
    throw new RangeError(`Cannot set the slice as 'milliseconds' must be an integer >= 1: received ${String(milliseconds)}`);
  }
  home().roster.sliceMs = milliseconds;
}
