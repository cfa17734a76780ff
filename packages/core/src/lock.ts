/**
 * A lock that one thread holds at a time.
 *
 * @module
 */
import type { Handle } from "./handle.ts";
import type { Place } from "./memory.ts";
import { createLockPlace, type LockOptions, MutexLock } from "./mutex-lock.ts";
import { MUTEX_BYTES } from "./sys/mutex-word.ts";
import type { AbortSignalLike } from "./sys/options.ts";
import { openTagged } from "./tagged.ts";

/**
 * A lock that one thread holds at a time, across all threads that have attached it.
 *
 * Not re-entrant: for that, see `RLock`. It is the thread that holds it, so an async task of the same thread may release it.
 *
 * - **Order**: no promise of first come, first served; async waiters do not starve blocking ones, nor the reverse.
 * - **Memory**: a release happens before the acquire that follows it.
 * - **Failure**: when the owner dies, `acquire` throws `AbandonedLockError` in every thread until `recover()`, or, with
 *   `onOwnerDeath: "release"`, the next in line gets the lock. Waiters find out within 50 ms, asynchronous ones within 100.
 * - **Deadlock**: a blocking acquire by the owner throws `DeadlockError`.
 *
 * Costs 64 bytes of shared memory, reclaimed with the other small objects of its slab.
 *
 * @example Add without losing updates
 * ```ts
 * import { Lock, RawValue } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const lock = new Lock();
 * const total = new RawValue("int32", 0);
 * lock.run(() => {
 *   total.value += 1; // in each of many threads
 * });
 * assert.equal(total.value, 1);
 * ```
 */
export class Lock extends MutexLock {
  /**
   * @throws {TypeError} If `onOwnerDeath` is neither "error" nor "release".
   * @throws {RangeError} If `memory` has no room.
   */
  constructor(options?: LockOptions);
  /** @internal */
  constructor(options: LockOptions | undefined, at: Place);
  constructor(options?: LockOptions, at: Place = createLockPlace("Lock", options)) {
    super(at, "Lock");
  }

  /**
   * The lock of a handle, in this thread.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or names no lock.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach(handle: Handle): Lock {
    return new Lock(undefined, openTagged("Lock", handle, MUTEX_BYTES));
  }

  protected override get kind(): "Lock" {
    return "Lock";
  }

  override release(): void {
    this.mutex.unlock();
  }

  protected override take(timeout: number): boolean {
    return timeout <= 0 ? this.mutex.tryLock() : this.mutex.lock(timeout);
  }

  protected override async takeAsync(timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    const { mutex } = this;
    if ((timeout <= 0 || !mutex.queued) && mutex.tryLock()) return true;
    return timeout > 0 && mutex.lockAsync(() => mutex.attempt(), timeout, signal);
  }

  /** @internal */
  override releaseAll(): number {
    this.mutex.unlock();
    return 0;
  }

  /** @internal */
  override restore(): void {
    this.mutex.lock(Infinity);
  }

  /** @internal */
  override async restoreAsync(): Promise<void> {
    await this.takeAsync(Infinity, undefined);
  }
}
