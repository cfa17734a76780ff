/**
 * What the locks over a mutex have in common.
 *
 * @module
 */
import { BaseLock } from "./lockable.ts";
import type { Memory, Place } from "./memory.ts";
import type { Inspection } from "./sys/inspection.ts";
import { Mutex } from "./sys/mutex.ts";
import { initMutex, MUTEX_BYTES, type OnOwnerDeath, type Owner } from "./sys/mutex-word.ts";
import { createTagged } from "./tagged.ts";

/** How a lock is made. */
export interface LockOptions {
  /** Where it lies; in this thread's default memory if absent. */
  readonly memory?: Memory | undefined;
  /** What the next thread gets when the owner has died: an `AbandonedLockError` (default), or the lock. */
  readonly onOwnerDeath?: OnOwnerDeath | undefined;
}

/** The mode of a dead owner's lock, after checking it. */
export function onOwnerDeathOf(kind: string, options: LockOptions | undefined): OnOwnerDeath {
  const mode = options?.onOwnerDeath ?? "error";
  if (mode === "error" || mode === "release") return mode;
  throw new TypeError(`Cannot create ${kind} as 'onOwnerDeath' must be "error" or "release": received ${String(mode)}`);
}

/** Reserves a lock's bytes, after checking the options. */
export function createLockPlace(kind: "Lock" | "RLock", options: LockOptions | undefined): Place {
  const mode = onOwnerDeathOf(kind, options);
  return createTagged(kind, options?.memory, MUTEX_BYTES, (words, at) => initMutex(words, at, mode));
}

/** A lock that one thread holds at a time. */
export abstract class MutexLock extends BaseLock {
  readonly #mutex: Mutex;

  protected constructor(at: Place, kind: string) {
    super(at);
    this.#mutex = new Mutex(at, kind);
  }

  /** The algorithm. */
  protected get mutex(): Mutex {
    return this.#mutex;
  }

  override get locked(): boolean {
    return this.#mutex.locked;
  }

  override get held(): boolean {
    return this.#mutex.held;
  }

  /** The thread that holds it, living or dead; undefined if it is free. For its name, use `inspect`. */
  get owner(): Owner | undefined {
    return this.#mutex.owner;
  }

  /** @internal What `inspect` shows. */
  inspectState(): Inspection {
    return this.#mutex.inspect();
  }

  /**
   * Takes the lock over from an owner that died, and clears the state that made `acquire` throw.
   *
   * @returns true if this thread now holds it, once; false if there was nothing to recover, for instance because another thread was faster.
   *
   * @example Repair what a dead thread left
   * ```ts
   * import { AbandonedLockError, Lock } from "@interlock/core";
   * import assert from "node:assert/strict";
   *
   * function withRepair(lock: Lock, work: () => void, repair: () => void): void {
   *   try {
   *     lock.acquire();
   *   } catch (error) {
   *     if (!(error instanceof AbandonedLockError)) throw error;
   *     if (!lock.recover()) return withRepair(lock, work, repair); // another thread repairs
   *     repair();
   *   }
   *   try {
   *     work();
   *   } finally {
   *     lock.release();
   *   }
   * }
   *
   * const lock = new Lock();
   * withRepair(lock, () => assert.equal(lock.held, true), () => assert.fail("nobody died"));
   * assert.equal(lock.recover(), false);
   * ```
   */
  recover(): boolean {
    return this.#mutex.recover();
  }

  /** @internal Gives up all levels at once; returns what `restore` needs. Throws `LockStateError` unless held. */
  abstract releaseAll(): number;

  /** @internal Takes the lock again, at the levels of before, blocking. */
  abstract restore(levels: number): void;

  /** @internal As `restore`, without blocking the thread. */
  abstract restoreAsync(levels: number): Promise<void>;
}
