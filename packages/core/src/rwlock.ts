/**
 * A lock that many may hold to read, or one to write.
 *
 * @module
 */
import { type Handle, Shareable } from "./handle.ts";
import { BaseLock } from "./lockable.ts";
import type { Place } from "./memory.ts";
import { type LockOptions, onOwnerDeathOf } from "./mutex-lock.ts";
import type { Inspection } from "./sys/inspection.ts";
import { initMutex, type Owner } from "./sys/mutex-word.ts";
import type { AbortSignalLike } from "./sys/options.ts";
import { SHARED_MUTEX_BYTES, SharedMutex } from "./sys/shared-mutex.ts";
import { createTagged, openTagged } from "./tagged.ts";

function create(options: LockOptions | undefined): Place {
  const mode = onOwnerDeathOf("RWLock", options);
  return createTagged("RWLock", options?.memory, SHARED_MUTEX_BYTES, (words, at) => initMutex(words, at, mode));
}

/**
 * A lock with two sides: many threads may hold `readLock`, or one may hold `writeLock`.
 *
 * It pays where reading takes long and writing is rare; for short sections a `Lock` is faster.
 *
 * - **Order**: a writer that waits keeps new readers out, so readers do not starve it; a stream of writers may starve
 *   readers.
 * - **Memory**: a release happens before the acquire that follows it, whichever sides they are of.
 * - **Failure**: a reader that dies is dropped within 50 ms, by a writer that waits asynchronously within 100: it changed nothing.
 *   When a writer dies, both sides throw `AbandonedLockError` until `writeLock.recover()`; or, with `onOwnerDeath: "release"`, the next in line gets the lock.
 * - **Deadlock**: a thread may read again while it reads, blocking; it cannot turn a read lock into a write lock: that
 *   throws `DeadlockError`. An async task that reads and awaits another read lock waits for ever if a writer came between.
 *   A try may fail because another try is under way.
 *
 * Costs 4.4 KB of shared memory.
 *
 * @example
 * ```ts
 * import { RWLock } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const lock = new RWLock();
 * lock.readLock.run(() => {
 *   assert.equal(lock.writeLock.tryAcquire(), false);
 * });
 * lock.writeLock.run(() => {
 *   assert.equal(lock.readLock.tryAcquire(), false);
 * });
 * ```
 */
export class RWLock extends Shareable {
  /** The side for those that only look. */
  readonly readLock: ReadLock;
  /** The side for those that change things. */
  readonly writeLock: WriteLock;

  /**
   * @throws {TypeError} If `onOwnerDeath` is neither "error" nor "release".
   * @throws {RangeError} If `memory` has no room.
   */
  constructor(options?: LockOptions);
  /** @internal */
  constructor(options: LockOptions | undefined, at: Place);
  constructor(options?: LockOptions, at: Place = create(options)) {
    super(at);
    const mutex = new SharedMutex(at);
    this.readLock = new ReadLock(at, mutex);
    this.writeLock = new WriteLock(at, mutex);
  }

  /**
   * The lock of a handle, in this thread.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or nothing of the kind lies there.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach(handle: Handle): RWLock {
    return new RWLock(undefined, openTagged("RWLock", handle, SHARED_MUTEX_BYTES));
  }

  protected override get kind(): "RWLock" {
    return "RWLock";
  }
}

/** The side of a `RWLock` for those that only look: any number of threads hold it at once. */
export class ReadLock extends BaseLock {
  readonly #mutex: SharedMutex;

  /** @internal */
  constructor(at: Place, mutex: SharedMutex) {
    super(at);
    this.#mutex = mutex;
  }

  /**
   * This side of the lock of a handle, in this thread.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or nothing of the kind lies there.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach(handle: Handle): ReadLock {
    const at = openTagged("RWLock", handle, SHARED_MUTEX_BYTES, "ReadLock");
    return new ReadLock(at, new SharedMutex(at));
  }

  protected override get kind(): "ReadLock" {
    return "ReadLock";
  }

  override get locked(): boolean {
    return this.#mutex.readers.any();
  }

  override get held(): boolean {
    return this.#mutex.readers.own > 0;
  }

  override release(): void {
    this.#mutex.leave();
  }

  /** @internal What `inspect` shows: who keeps readers out, and how many wait. */
  inspectState(): Inspection {
    return { ...this.#mutex.writer.inspect(), waiters: this.#mutex.gate.waiters };
  }

  protected override take(timeout: number): boolean {
    return this.#mutex.read(timeout);
  }

  protected override takeAsync(timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    return this.#mutex.readAsync(timeout, signal);
  }
}

/** The side of a `RWLock` for those that change things: one thread holds it, and nobody the other. */
export class WriteLock extends BaseLock {
  readonly #mutex: SharedMutex;

  /** @internal */
  constructor(at: Place, mutex: SharedMutex) {
    super(at);
    this.#mutex = mutex;
  }

  /**
   * This side of the lock of a handle, in this thread.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or nothing of the kind lies there.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach(handle: Handle): WriteLock {
    const at = openTagged("RWLock", handle, SHARED_MUTEX_BYTES, "WriteLock");
    return new WriteLock(at, new SharedMutex(at));
  }

  protected override get kind(): "WriteLock" {
    return "WriteLock";
  }

  /** Whether a thread holds it, or waits for readers to leave. */
  override get locked(): boolean {
    return this.#mutex.writer.locked;
  }

  override get held(): boolean {
    return this.#mutex.writes;
  }

  /** The thread that holds it, living or dead; undefined if it is free. */
  get owner(): Owner | undefined {
    return this.#mutex.writer.owner;
  }

  override release(): void {
    this.#mutex.unlock();
  }

  /**
   * As `Lock.recover`. Blocks until the readers have left, if the writer died while it waited for them.
   *
   * @throws {DeadlockError} If this thread reads.
   * @throws {TypeError} If it would have to wait on a thread that may not block.
   */
  recover(): boolean {
    return this.#mutex.recover();
  }

  /** As {@linkcode WriteLock.recover}, without blocking the thread. */
  recoverAsync(): Promise<boolean> {
    return this.#mutex.recoverAsync();
  }

  /** @internal What `inspect` shows. */
  inspectState(): Inspection {
    return this.#mutex.writer.inspect();
  }

  protected override take(timeout: number): boolean {
    return this.#mutex.write(timeout);
  }

  protected override takeAsync(timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    return this.#mutex.writeAsync(timeout, signal);
  }
}
