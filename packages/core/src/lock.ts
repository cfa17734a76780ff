/**
 * A lock that one thread holds at a time.
 *
 * @module
 */
import { type Handle, openHandle } from "./handle.ts";
import { BaseLock } from "./lockable.ts";
import { LINE, type Memory, type Place } from "./memory.ts";
import { createMutex, MUTEX_BYTES, Mutex, mutexTag, type OnOwnerDeath, type Owner } from "./sys/mutex.ts";
import type { AbortSignalLike } from "./sys/options.ts";

/** How a lock is made. */
export interface LockOptions {
  /** Where it lies; in this thread's default memory if absent. */
  readonly memory?: Memory | undefined;
  /** What the next thread gets when the owner has died: an `AbandonedLockError` (default), or the lock. */
  readonly onOwnerDeath?: OnOwnerDeath | undefined;
}

/** Reserves a lock's bytes, after checking the options. */
export function createLockPlace(kind: string, tag: number, options: LockOptions | undefined): Place {
  const mode = options?.onOwnerDeath ?? "error";
  if (mode !== "error" && mode !== "release") {
    throw new TypeError(`Cannot create ${kind} as 'onOwnerDeath' must be "error" or "release": received ${String(mode)}`);
  }
  return createMutex(options?.memory, mode, tag);
}

/** Opens a lock's bytes, after checking that such a lock was created there. */
export function openLockPlace(kind: string, tag: number, handle: Handle): Place {
  const at = openHandle(handle, kind, MUTEX_BYTES, LINE);
  if (mutexTag(at) !== tag) throw new TypeError(`Cannot attach ${kind} as there is none at offset ${at.offset}`);
  return at;
}

const TAG = 0x10c0_0001;

/**
 * A lock that one thread holds at a time, across all threads that have attached it.
 *
 * Not re-entrant: for that, see `RLock`. It is the thread that holds it, so an async task of the same thread may release it.
 *
 * - **Order**: no promise of first come, first served; async waiters do not starve blocking ones, nor the reverse.
 * - **Memory**: a release happens before the acquire that follows it.
 * - **Failure**: when the owner dies, `acquire` throws `AbandonedLockError` in every thread until `recover()`, or, with
 *   `onOwnerDeath: "release"`, the next in line gets the lock. Waiters find out within 50 ms.
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
export class Lock extends BaseLock {
  readonly #mutex: Mutex;

  /**
   * @throws {TypeError} If `onOwnerDeath` is neither "error" nor "release".
   * @throws {RangeError} If `memory` has no room.
   */
  constructor(options?: LockOptions);
  /** @internal */
  constructor(options: LockOptions | undefined, at: Place);
  constructor(options?: LockOptions, at: Place = createLockPlace("Lock", TAG, options)) {
    super(at);
    this.#mutex = new Mutex(at, "Lock");
  }

  /**
   * The lock of a handle, in this thread.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or names no lock.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach(handle: Handle): Lock {
    return new Lock(undefined, openLockPlace("Lock", TAG, handle));
  }

  protected override get kind(): "Lock" {
    return "Lock";
  }

  override get locked(): boolean {
    return this.#mutex.locked;
  }

  override get held(): boolean {
    return this.#mutex.held;
  }

  /** The thread that holds it, living or dead; undefined if it is free. */
  get owner(): Owner | undefined {
    return this.#mutex.owner;
  }

  override release(): void {
    this.#mutex.unlock();
  }

  /**
   * Takes the lock over from an owner that died, and clears the state that made `acquire` throw.
   *
   * @returns true if this thread now holds it; false if there was nothing to recover, for instance because another thread was faster.
   */
  recover(): boolean {
    return this.#mutex.recover();
  }

  protected override take(timeout: number): boolean {
    return timeout <= 0 ? this.#mutex.tryLock() : this.#mutex.lock(timeout);
  }

  protected override async takeAsync(timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    const mutex = this.#mutex;
    return mutex.tryLock() || (timeout > 0 && mutex.lockAsync(() => mutex.attempt(), timeout, signal));
  }
}
