/**
 * What is lockable through a lock that it carries.
 *
 * @module
 */
import { describe } from "./describe.ts";
import type { Handle } from "./handle.ts";
import { Lock } from "./lock.ts";
import { BaseLock } from "./lockable.ts";
import type { Memory, Place } from "./memory.ts";
import { MutexLock } from "./mutex-lock.ts";
import { RLock } from "./rlock.ts";
import { beside } from "./slab.ts";
import type { Inspection } from "./sys/inspection.ts";
import type { AbortSignalLike } from "./sys/options.ts";

/** Refuses what is to be the lock of a new object and is none. */
export function checkGuard(kind: string, lock: unknown, remedy: string = ""): void {
  if (lock === undefined || lock instanceof MutexLock) return;
  throw new TypeError(`Cannot create ${kind} as 'lock' must be a Lock or RLock: received ${describe(lock)}${remedy}`);
}

/** The lock of a new object: the given one, or an `RLock` of its own, in the same memory. */
export function guardOf(lock: Lock | RLock | undefined, memory: Memory | undefined, at: Place): Lock | RLock {
  return lock ?? new RLock({ memory: memory ?? beside(at) });
}

/** The lock of an object that is attached. */
export function attachGuard(handle: Handle): Lock | RLock {
  return handle.lock?.kind === "Lock" ? Lock.attach(handle.lock) : RLock.attach(handle.lock as Handle);
}

/** Lockable through the lock that it carries. */
export abstract class Guarded extends BaseLock {
  readonly #lock: Lock | RLock;

  protected constructor(at: Place, lock: Lock | RLock) {
    super(at);
    this.#lock = lock;
  }

  override get handle(): Handle {
    return { ...super.handle, lock: this.#lock.handle };
  }

  /** Its lock. */
  get lock(): Lock | RLock {
    return this.#lock;
  }

  override get locked(): boolean {
    return this.#lock.locked;
  }

  override get held(): boolean {
    return this.#lock.held;
  }

  override release(): void {
    this.#lock.release();
  }

  /** @internal What `inspect` shows. */
  inspectState(): Inspection {
    return this.#lock.inspectState();
  }

  protected override take(timeout: number): boolean {
    return this.#lock.tryAcquire({ timeout });
  }

  protected override takeAsync(timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    return this.#lock.tryAcquireAsync({ timeout, signal });
  }
}
