/**
 * Permits that threads take and give back.
 *
 * @module
 */
import { TimeoutError } from "./errors.ts";
import { type Handle, Shareable } from "./handle.ts";
import { LINE, type Memory, type Place } from "./memory.ts";
import { type Inspection, unowned } from "./sys/inspection.ts";
import { type AsyncWaitOptions, throwIfAborted, timeoutOf, type WaitOptions } from "./sys/options.ts";
import { initPermits, MOST_PERMITS, Permits } from "./sys/permits.ts";
import { createTagged, openTagged } from "./tagged.ts";

/** Where a semaphore is made. */
export interface SemaphoreOptions {
  /** Where it lies; in this thread's default memory if absent. */
  readonly memory?: Memory | undefined;
}

/** How many permits, and how long to wait for them. */
export interface PermitOptions extends WaitOptions {
  /** How many permits to take, all or none; 1 if absent. */
  readonly permits?: number | undefined;
}

/** How many permits, how long to wait for them, and what ends the wait early. */
export interface AsyncPermitOptions extends PermitOptions, AsyncWaitOptions {}

/** Reserves a semaphore's bytes, after checking the value. */
export function createSemaphorePlace(kind: "Semaphore" | "BoundedSemaphore", value: number, memory: Memory | undefined): Place {
  if (typeof value !== "number") throw new TypeError(`Cannot create ${kind} as 'value' must be an integer >= 0: received ${typeof value}`);
  if (!Number.isInteger(value) || value < 0 || value > MOST_PERMITS) {
    const domain = value > MOST_PERMITS ? `at most ${MOST_PERMITS}` : "an integer >= 0";
    throw new RangeError(`Cannot create ${kind} as 'value' must be ${domain}: received ${value}`);
  }
  const max = kind === "Semaphore" ? MOST_PERMITS : value;
  return createTagged(kind, memory, LINE, (words, at) => initPermits(words, at, value, max));
}

/**
 * A number of permits: `acquire` takes some, waiting until there are enough; `release` gives some back.
 *
 * A permit has no owner: any thread may release, also one that never acquired, and the permits of a thread that dies are
 * lost. Where that matters, use a `Lock`.
 *
 * - **Order**: no promise of first come, first served; async waiters do not starve blocking ones, nor the reverse. Whoever
 *   asks for several permits may be overtaken by those that ask for fewer.
 * - **Memory**: everything a thread wrote before its release is visible to whoever acquires the permit.
 * - **Failure**: after a throw, no permit was taken.
 * - **Waiting**: where there is more than one core, a blocking wait tries for some 10 microseconds before it sleeps, unless that was in
 *   vain lately.
 *
 * Costs 64 bytes of shared memory.
 *
 * @example At most two at a time
 * ```ts
 * import { Semaphore } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const connections = new Semaphore(2);
 * await connections.runAsync(async () => assert.equal(connections.value, 1));
 * assert.equal(connections.value, 2);
 * ```
 */
export class Semaphore extends Shareable {
  readonly #permits: Permits;

  /**
   * @param value How many permits there are at first: an integer >= 0.
   * @throws {TypeError} If `value` is no number.
   * @throws {RangeError} If it is negative, a fraction or above 2147483647, or `memory` has no room.
   */
  constructor(value?: number, options?: SemaphoreOptions);
  /** @internal */
  constructor(value: number | undefined, options: SemaphoreOptions | undefined, at: Place);
  constructor(value: number = 1, options?: SemaphoreOptions, at: Place = createSemaphorePlace("Semaphore", value, options?.memory)) {
    super(at);
    this.#permits = new Permits(at);
  }

  /**
   * The semaphore of a handle, in this thread.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or nothing of the kind lies there.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach(handle: Handle): Semaphore {
    return new Semaphore(undefined, undefined, openTagged("Semaphore", handle, LINE));
  }

  protected override get kind(): "Semaphore" | "BoundedSemaphore" {
    return "Semaphore";
  }

  /** How many permits are free. May be outdated by the time it is read. */
  get value(): number {
    return this.#permits.value;
  }

  /**
   * Blocks this thread until it has taken the permits.
   *
   * @param options How many permits, all or none; and how long to wait, for ever if absent.
   * @returns The semaphore itself, so that `using _ = semaphore.acquire()` releases one permit at the end of the block.
   * @throws {TimeoutError} If `timeout` passes first.
   * @throws {RangeError} If `permits` is not an integer >= 1, or more than there can ever be; or `timeout` is NaN.
   * @throws {TypeError} If it would have to wait on a thread that may not block, such as a page's main thread.
   *
   * @example Several permits at once
   * ```ts
   * import { Semaphore } from "@interlock/core";
   * import assert from "node:assert/strict";
   *
   * const slots = new Semaphore(4);
   * slots.acquire({ permits: 3 });
   * assert.equal(slots.tryAcquire({ permits: 2 }), false);
   * slots.release(3);
   * assert.equal(slots.value, 4);
   * ```
   */
  acquire(options?: PermitOptions): this {
    const timeout = timeoutOf(options, Infinity, `acquire ${this.kind}`);
    if (!this.#permits.take(this.#amountOf(options), timeout, `${this.kind}.acquire`)) throw this.#timeoutError(timeout);
    return this;
  }

  /**
   * Takes the permits if they can be had in time.
   *
   * @param options How many permits; and how long to wait: without a timeout it does not.
   * @returns Whether it took them.
   * @throws As {@linkcode Semaphore.acquire}, but for `TimeoutError`.
   */
  tryAcquire(options?: PermitOptions): boolean {
    const timeout = timeoutOf(options, 0, `acquire ${this.kind}`);
    return this.#permits.take(this.#amountOf(options), timeout, `${this.kind}.acquire`);
  }

  /**
   * As {@linkcode Semaphore.acquire}, without blocking the thread; keeps the program alive meanwhile.
   *
   * @throws `signal.reason`, if `signal` aborts first; else as `acquire`.
   */
  async acquireAsync(options?: AsyncPermitOptions): Promise<this> {
    const timeout = timeoutOf(options, Infinity, `acquire ${this.kind}`);
    if (!(await this.#takeAsync(options, timeout))) throw this.#timeoutError(timeout);
    return this;
  }

  /**
   * As {@linkcode Semaphore.tryAcquire}, without blocking the thread.
   *
   * @throws `signal.reason`, if `signal` aborts first; else as `tryAcquire`.
   */
  async tryAcquireAsync(options?: AsyncPermitOptions): Promise<boolean> {
    return this.#takeAsync(options, timeoutOf(options, 0, `acquire ${this.kind}`));
  }

  /**
   * Gives permits back, or adds new ones.
   *
   * @param n How many.
   * @throws {RangeError} If `n` is not an integer >= 1, or there would be more permits than there can be. None is given then.
   */
  release(n: number = 1): void {
    this.#checkCount(n, "n", "release");
    if (this.#permits.give(n)) return;
    throw new RangeError(`Cannot release ${this.kind} as it would have more than its ${this.#permits.max} permits: ${this.value} are free, received ${n}`);
  }

  /**
   * Runs `fn` holding one permit, and releases it, also if `fn` throws.
   *
   * @param fn What to run.
   * @param options How long to wait for the permit; for ever if absent.
   * @returns What `fn` returns.
   * @throws What `fn` throws; else as {@linkcode Semaphore.acquire}.
   */
  run<R>(fn: () => R, options?: WaitOptions): R {
    this.acquire({ timeout: timeoutOf(options, Infinity, `acquire ${this.kind}`) });
    try {
      return fn();
    } finally {
      this.release();
    }
  }

  /**
   * Runs `fn` holding one permit, until its promise settles. Waits without blocking the thread.
   *
   * @param fn What to run.
   * @param options How long to wait for the permit, and what ends that wait early.
   * @returns What `fn` resolves to.
   * @throws What `fn` throws or rejects with; else as {@linkcode Semaphore.acquireAsync}.
   */
  async runAsync<R>(fn: () => R | Promise<R>, options?: AsyncWaitOptions): Promise<R> {
    await this.acquireAsync({ timeout: timeoutOf(options, Infinity, `acquire ${this.kind}`), signal: options?.signal });
    try {
      return await fn();
    } finally {
      this.release();
    }
  }

  /** Releases one permit, at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.release();
  }

  /** @internal What `inspect` shows. */
  inspectState(): Inspection {
    return unowned(this.#permits.waiters);
  }

  async #takeAsync(options: AsyncPermitOptions | undefined, timeout: number): Promise<boolean> {
    const amount = this.#amountOf(options);
    throwIfAborted(options?.signal);
    return this.#permits.takeAsync(amount, timeout, options?.signal);
  }

  #amountOf(options: PermitOptions | undefined): number {
    const permits = options?.permits ?? 1;
    this.#checkCount(permits, "permits", "acquire");
    const { max } = this.#permits;
    if (permits > max) throw new RangeError(`Cannot acquire ${this.kind} as 'permits' must be at most the ${max} that there can be: received ${permits}`);
    return permits;
  }

  #checkCount(count: unknown, name: string, action: string): void {
    if (Number.isInteger(count) && (count as number) >= 1) return;
    const ErrorClass = typeof count === "number" ? RangeError : TypeError;
    const received = typeof count === "number" ? count : typeof count;
    throw new ErrorClass(`Cannot ${action} ${this.kind} as '${name}' must be an integer >= 1: received ${received}`);
  }

  #timeoutError(timeout: number): TimeoutError {
    return new TimeoutError(`Cannot acquire ${this.kind} as ${timeout} ms passed`);
  }
}
