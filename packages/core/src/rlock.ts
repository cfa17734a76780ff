/**
 * A lock that its owner may acquire again.
 *
 * @module
 */
import { DeadlockError } from "./errors.ts";
import type { Handle } from "./handle.ts";
import type { Place } from "./memory.ts";
import { createLockPlace, type LockOptions, MutexLock } from "./mutex-lock.ts";
import { MUTEX_BYTES } from "./sys/mutex-word.ts";
import type { AbortSignalLike } from "./sys/options.ts";
import { openTagged } from "./tagged.ts";

/** The depth of a lock that an async task holds: nobody enters it again. Otherwise the depth counts re-entries. */
const ASYNC = -1;

/**
 * A lock that the thread which holds it may acquire again; it is free after as many releases.
 *
 * Re-entry is for blocking acquisitions. `acquireAsync` never re-enters, so two async tasks of one thread exclude each
 * other; a blocking acquire in a thread whose own task holds the lock throws `DeadlockError`.
 *
 * - **Order**, **Memory**, **Failure**: as `Lock`. Recovery starts at one level.
 *
 * Costs 64 bytes of shared memory.
 *
 * @example Re-enter
 * ```ts
 * import { RLock } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const lock = new RLock();
 * lock.run(() => lock.run(() => assert.equal(lock.held, true)));
 * assert.equal(lock.locked, false);
 * ```
 */
export class RLock extends MutexLock {
  /**
   * @throws {TypeError} If `onOwnerDeath` is neither "error" nor "release".
   * @throws {RangeError} If `memory` has no room.
   */
  constructor(options?: LockOptions);
  /** @internal */
  constructor(options: LockOptions | undefined, at: Place);
  constructor(options?: LockOptions, at: Place = createLockPlace("RLock", options)) {
    super(at, "RLock");
  }

  /**
   * The lock of a handle, in this thread.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or names no lock.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach(handle: Handle): RLock {
    return new RLock(undefined, openTagged("RLock", handle, MUTEX_BYTES));
  }

  protected override get kind(): "RLock" {
    return "RLock";
  }

  override release(): void {
    const { mutex } = this;
    // A stranger may read somebody else's depth here; `held` tells.
    if (mutex.depth !== 0) {
      if (!mutex.held) throw mutex.stateError("release");
      if (mutex.depth > 0) {
        mutex.depth--;
        return;
      }
      mutex.depth = 0;
    }
    mutex.unlock();
  }

  protected override take(timeout: number): boolean {
    const { mutex } = this;
    if (mutex.tryFree()) return true;
    if (mutex.held) return this.#enterAgain(timeout);
    return timeout <= 0 ? mutex.tryLock() : mutex.lock(timeout);
  }

  #enterAgain(timeout: number): boolean {
    const { mutex } = this;
    if (mutex.depth !== ASYNC) {
      mutex.depth++;
      return true;
    }
    if (timeout <= 0) return false;
    throw new DeadlockError("Cannot acquire RLock as an async task of this thread holds it: blocking would never end; use acquireAsync()");
  }

  protected override async takeAsync(timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    const { mutex } = this;
    if ((timeout <= 0 || !mutex.queued) && mutex.tryLock()) return this.#markAsync();
    return timeout > 0 && mutex.lockAsync(() => mutex.attempt() && this.#markAsync(), timeout, signal);
  }

  #markAsync(): true {
    this.mutex.depth = ASYNC;
    return true;
  }

  /** @internal */
  override releaseAll(): number {
    const { mutex } = this;
    if (!mutex.held) throw mutex.stateError("release");
    const levels = mutex.depth;
    mutex.depth = 0;
    mutex.unlock();
    return levels;
  }

  /** @internal */
  override restore(levels: number): void {
    this.mutex.lock(Infinity);
    this.mutex.depth = levels;
  }

  /** @internal */
  override async restoreAsync(levels: number): Promise<void> {
    await this.takeAsync(Infinity, undefined);
    this.mutex.depth = levels;
  }
}
