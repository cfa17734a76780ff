/**
 * For tests of programs that use interlock: `@interlock/core/testing`.
 *
 * @module
 */
import { home } from "./sys/thread.ts";

/**
 * How many waits, of all threads that share memory with this one, ended only because a slice of 50 ms ran out. While no
 * thread dies, that means a wake was lost: assert that it does not grow.
 *
 * @example
 * ```ts
 * import { Lock } from "@interlock/core";
 * import { sliceRescues } from "@interlock/core/testing";
 * import assert from "node:assert/strict";
 *
 * const before = sliceRescues();
 * new Lock().run(() => {});
 * assert.equal(sliceRescues(), before);
 * ```
 */
export function sliceRescues(): number {
  return home().roster.rescues;
}
