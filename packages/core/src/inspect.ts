/**
 * Who holds a lock and who waits for it, for people who look for a deadlock.
 *
 * @module
 */
import type { Inspection } from "./sys/inspection.ts";

/**
 * Tells who holds a lock, since when, and how many threads wait: for debugging deadlocks.
 *
 * Costs the lock nothing: `since` is written by the first thread that has to wait.
 *
 * @param lock Any lock; or what threads wait for, which has no owner.
 * @returns A snapshot, which may be outdated by the time it is read.
 *
 * @example
 * ```ts
 * import { inspect, Lock } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const lock = new Lock();
 * lock.acquire();
 * assert.equal(inspect(lock).owner?.name, "main");
 * lock.release();
 * assert.deepEqual(inspect(lock), { owner: undefined, since: undefined, waiters: 0 });
 * ```
 */
export function inspect(lock: { inspectState(): Inspection }): Inspection {
  return lock.inspectState();
}
