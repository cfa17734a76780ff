/**
 * What can be acquired and released: the interface, and the part of it that every lock shares.
 *
 * @module
 */
import { AbandonedLockError, TimeoutError } from "./errors.ts";
import { Shareable } from "./handle.ts";
import { type AbortSignalLike, type AsyncWaitOptions, throwIfAborted, timeoutOf, type WaitOptions } from "./sys/options.ts";

/** Anything that one thread holds at a time, or several as the object says. */
export interface Lockable {
  readonly locked: boolean;
  readonly held: boolean;
  acquire(options?: WaitOptions): this;
  tryAcquire(options?: WaitOptions): boolean;
  acquireAsync(options?: AsyncWaitOptions): Promise<this>;
  tryAcquireAsync(options?: AsyncWaitOptions): Promise<boolean>;
  release(): void;
  [Symbol.dispose](): void;
}

/** Everything of {@linkcode Lockable} that follows from taking and releasing. */
export abstract class BaseLock extends Shareable implements Lockable {
  /** Whether anybody holds it. May be outdated by the time it is read. */
  abstract get locked(): boolean;

  /** Whether this thread holds it. */
  abstract get held(): boolean;

  /** Takes it, blocking at most `timeout` milliseconds; 0 does not block. */
  protected abstract take(timeout: number): boolean;

  /** Takes it without blocking the thread. */
  protected abstract takeAsync(timeout: number, signal: AbortSignalLike | undefined): Promise<boolean>;

  /**
   * Gives it back.
   *
   * - **Memory**: everything this thread wrote before is visible to whoever acquires next.
   *
   * @throws {LockStateError} If this thread does not hold it.
   */
  abstract release(): void;

  /**
   * Blocks this thread until it holds the lock.
   *
   * - **Order**: no promise of first come, first served.
   * - **Memory**: everything another thread wrote before its release is visible.
   * - **Failure**: after a throw the lock is as if this was never called.
   * - **Deadlock**: two threads that take two locks in different order wait for each other for ever.
   *
   * @param options How long to wait; for ever if absent.
   * @returns The lock itself, so that `using _ = lock.acquire()` releases it at the end of the block.
   * @throws {TimeoutError} If `timeout` passes first.
   * @throws {DeadlockError} If it would wait for this thread itself.
   * @throws {AbandonedLockError} If the owner died while holding it; see `recover()`.
   * @throws {TypeError} If it would have to wait on a thread that may not block, such as a page's main thread.
   * @throws {RangeError} If `timeout` is NaN.
   *
   * @example Release at the end of a block
   * ```ts
   * import { Lock } from "@interlock/core";
   * import assert from "node:assert/strict";
   *
   * const lock = new Lock();
   * lock.acquire();
   * try {
   *   assert.equal(lock.held, true);
   * } finally {
   *   lock.release();
   * }
   * assert.equal(lock.locked, false);
   * ```
   */
  acquire(options?: WaitOptions): this {
    const timeout = options === undefined ? Infinity : timeoutOf(options, Infinity, `acquire ${this.kind}`);
    if (!this.take(timeout)) throw this.#timeoutError(timeout);
    return this;
  }

  /**
   * Takes the lock if it can be had in time.
   *
   * @param options How long to wait; without a timeout it does not wait.
   * @returns Whether this thread now holds it.
   * @throws As {@linkcode BaseLock.acquire}, but for `TimeoutError`.
   *
   * @example
   * ```ts
   * import { Lock } from "@interlock/core";
   * import assert from "node:assert/strict";
   *
   * const lock = new Lock();
   * assert.equal(lock.tryAcquire(), true);
   * assert.equal(lock.tryAcquire({ timeout: 0 }), false);
   * lock.release();
   * ```
   */
  tryAcquire(options?: WaitOptions): boolean {
    return this.take(options === undefined ? 0 : timeoutOf(options, 0, `acquire ${this.kind}`));
  }

  /**
   * Waits until this thread holds the lock, without blocking the thread.
   *
   * The program stays alive meanwhile. Tasks of one thread exclude each other too.
   *
   * - **Order**: first come, first served within a thread; no promise between threads.
   * - **Memory**, **Failure**: as `acquire`.
   * - **Deadlock**: a task that awaits a lock it holds waits for ever.
   *
   * @param options How long to wait, and what ends the wait early.
   * @returns The lock itself.
   * @throws {TimeoutError} If `timeout` passes first.
   * @throws {AbandonedLockError} If the owner died while holding it.
   * @throws `signal.reason`, if `signal` aborts first.
   *
   * @example Give up after 10 ms
   * ```ts
   * import { Lock, TimeoutError } from "@interlock/core";
   * import assert from "node:assert/strict";
   *
   * const lock = new Lock();
   * await lock.acquireAsync();
   * await assert.rejects(lock.acquireAsync({ timeout: 10 }), TimeoutError);
   * lock.release();
   * ```
   */
  async acquireAsync(options?: AsyncWaitOptions): Promise<this> {
    const timeout = timeoutOf(options, Infinity, `acquire ${this.kind}`);
    throwIfAborted(options?.signal);
    if (!(await this.takeAsync(timeout, options?.signal))) throw this.#timeoutError(timeout);
    return this;
  }

  /**
   * As {@linkcode BaseLock.tryAcquire}, without blocking the thread.
   *
   * @param options How long to wait, and what ends the wait early; without a timeout it does not wait.
   * @returns Whether the lock is now held.
   * @throws As {@linkcode BaseLock.acquireAsync}, but for `TimeoutError`.
   */
  async tryAcquireAsync(options?: AsyncWaitOptions): Promise<boolean> {
    const timeout = timeoutOf(options, 0, `acquire ${this.kind}`);
    throwIfAborted(options?.signal);
    return this.takeAsync(timeout, options?.signal);
  }

  /**
   * Runs `fn` holding the lock, and releases it, also if `fn` throws.
   *
   * @param fn What to run.
   * @param options How long to wait for the lock; for ever if absent.
   * @returns What `fn` returns.
   * @throws What `fn` throws; else as {@linkcode BaseLock.acquire}.
   *
   * @example
   * ```ts
   * import { Lock } from "@interlock/core";
   * import assert from "node:assert/strict";
   *
   * const lock = new Lock();
   * assert.equal(lock.run(() => lock.held), true);
   * assert.equal(lock.held, false);
   * ```
   */
  run<R>(fn: () => R, options?: WaitOptions): R {
    this.acquire(options);
    let result: R;
    try {
      result = fn();
    } catch (error) {
      this.releaseAfter(error);
      throw error;
    }
    this.release();
    return result;
  }

  /**
   * Runs `fn` holding the lock, until its promise settles. Waits without blocking the thread.
   *
   * @param fn What to run.
   * @param options How long to wait for the lock, and what ends that wait early.
   * @returns What `fn` resolves to.
   * @throws What `fn` throws or rejects with; else as {@linkcode BaseLock.acquireAsync}.
   *
   * @example
   * ```ts
   * import { Lock } from "@interlock/core";
   * import assert from "node:assert/strict";
   *
   * const lock = new Lock();
   * assert.equal(await lock.runAsync(async () => lock.held), true);
   * assert.equal(lock.held, false);
   * ```
   */
  async runAsync<R>(fn: () => R | Promise<R>, options?: AsyncWaitOptions): Promise<R> {
    await this.acquireAsync(options);
    let result: R;
    try {
      result = await fn();
    } catch (error) {
      this.releaseAfter(error);
      throw error;
    }
    this.release();
    return result;
  }

  /** @internal Releases after an error. A condition's wait that finds the lock abandoned comes back without it: that error is what the caller must see. */
  releaseAfter(error: unknown): void {
    if (error instanceof AbandonedLockError && !this.held) return;
    this.release();
  }

  /** Releases, at the end of a `using` block. Where the engine lacks `Symbol.dispose`, call `release`. */
  [Symbol.dispose](): void {
    this.release();
  }

  #timeoutError(timeout: number): TimeoutError {
    return new TimeoutError(`Cannot acquire ${this.kind} as ${timeout} ms passed`);
  }
}
