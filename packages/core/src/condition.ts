/**
 * Waiting, with a lock released meanwhile, until another thread says that something changed.
 *
 * @module
 */
import { LockStateError } from "./errors.ts";
import { attachGuard, checkGuard, Guarded, guardOf } from "./guarded.ts";
import type { Handle } from "./handle.ts";
import type { Lock } from "./lock.ts";
import { LINE, type Memory, type Place } from "./memory.ts";
import type { RLock } from "./rlock.ts";
import type { Inspection } from "./sys/inspection.ts";
import { type AsyncWaitOptions, throwIfAborted, timeoutOf, type WaitOptions } from "./sys/options.ts";
import { MOST_WAITERS, Signals } from "./sys/signals.ts";
import { createTagged, openTagged } from "./tagged.ts";

/** Where a condition is made. */
export interface ConditionOptions {
  /**
   * Where it lies; if absent, in this thread's default memory, or in that of its lock if that is shared between processes.
   */
  readonly memory?: Memory | undefined;
}

interface Parts {
  readonly at: Place;
  readonly lock: Lock | RLock;
}

function createParts(lock: Lock | RLock | undefined, options: ConditionOptions | undefined): Parts {
  checkGuard("Condition", lock);
  const memory = options?.memory ?? (lock?.memory.crossProcess ? lock.memory : undefined);
  const at = createTagged("Condition", memory, LINE);
  return { at, lock: guardOf(lock, memory, at) };
}

/**
 * A lock, and a place to wait until what it protects has changed.
 *
 * Whoever waits holds the lock, finds that it cannot go on, and calls `wait`, which releases the lock, sleeps, and takes
 * it again. Whoever changes something holds the lock and calls `notify`. Between a notify and the return from `wait`
 * others may have changed things back, so wait in a loop; `waitFor` is that loop.
 *
 * A `Condition` is Lockable: `acquire`, `release`, `run` and their twins are those of its lock.
 *
 * - **Order**: which of the waiters a notify reaches is not promised; it reaches none that began to wait later.
 * - **Memory**: as the lock's.
 * - **Waiting**: where there is more than one core, a blocking wait looks for some 10 microseconds before it sleeps, unless that was in
 *   vain lately.
 * - **Failure**: `wait` returns or throws holding the lock, at the level of before; after an `AbandonedLockError` it does
 *   not. A waiter that dies hangs nobody; afterwards one wait may end without a notify.
 * - **Deadlock**: a notify that comes before the wait is not remembered. Check, and wait, under the lock.
 *
 * Costs 64 bytes of shared memory, and those of its lock.
 *
 * @example Wait for a value
 * ```ts
 * import { Condition, RawValue } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const changed = new Condition();
 * const stock = new RawValue("int32", 0);
 *
 * async function take(): Promise<void> {
 *   await changed.runAsync(async () => {
 *     await changed.waitForAsync(() => stock.value > 0);
 *     stock.value -= 1;
 *   });
 * }
 *
 * const taken = take();
 * await changed.runAsync(() => {
 *   stock.value += 1; // in another thread, say
 *   changed.notify();
 * });
 * await taken;
 * assert.equal(stock.value, 0);
 * ```
 */
export class Condition extends Guarded {
  readonly #signals: Signals;

  /**
   * @param lock The lock of what is waited for; a new `RLock` if absent. Several conditions may share one.
   * @throws {TypeError} If `lock` is neither a Lock nor an RLock.
   * @throws {RangeError} If `memory` has no room.
   */
  constructor(lock?: Lock | RLock, options?: ConditionOptions);
  /** @internal */
  constructor(lock: undefined, options: undefined, parts: Parts);
  constructor(lock?: Lock | RLock, options?: ConditionOptions, parts: Parts = createParts(lock, options)) {
    super(parts.at, parts.lock);
    this.#signals = new Signals(parts.at);
  }

  /**
   * The condition of a handle, in this thread, with its lock.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or nothing of the kind lies there.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach(handle: Handle): Condition {
    const at = openTagged("Condition", handle, LINE);
    return new Condition(undefined, undefined, { at, lock: attachGuard(handle) });
  }

  protected override get kind(): "Condition" {
    return "Condition";
  }

  /**
   * Releases the lock, blocks until notified, and takes the lock again, at all levels.
   *
   * @param options How long to wait for a notify. Taking the lock again has no limit.
   * @returns true, or false if `timeout` passed first.
   * @throws {LockStateError} If this thread does not hold the lock.
   * @throws {AbandonedLockError} If the owner of the lock died meanwhile; the lock is then not held.
   * @throws {TypeError} On a thread that may not block, such as a page's main thread.
   * @throws {RangeError} If `timeout` is NaN, or 65535 threads and tasks wait already.
   *
   * @example Give up after 5 ms
   * ```ts
   * import { Condition } from "@interlock/core";
   * import assert from "node:assert/strict";
   *
   * const changed = new Condition();
   * changed.run(() => {
   *   assert.equal(changed.wait({ timeout: 5 }), false); // nobody notified
   *   assert.equal(changed.held, true);
   * });
   * ```
   */
  wait(options?: WaitOptions): boolean {
    const timeout = timeoutOf(options, Infinity, "wait for Condition");
    this.#requireHeld("wait for");
    this.#signals.point.requireBlocking("Condition.wait");
    const { ticket, levels } = this.#begin();
    try {
      return this.#signals.wait(ticket, timeout, "Condition.wait");
    } finally {
      this.lock.restore(levels);
    }
  }

  /**
   * As {@linkcode Condition.wait}, without blocking the thread; keeps the program alive meanwhile.
   *
   * @throws `signal.reason`, if `signal` aborts first, holding the lock again; an abort after the notify has no effect.
   */
  async waitAsync(options?: AsyncWaitOptions): Promise<boolean> {
    const timeout = timeoutOf(options, Infinity, "wait for Condition");
    throwIfAborted(options?.signal);
    this.#requireHeld("wait for");
    const { ticket, levels } = this.#begin();
    try {
      return await this.#signals.waitAsync(ticket, timeout, options?.signal);
    } finally {
      await this.lock.restoreAsync(levels);
    }
  }

  /**
   * Waits until `predicate` returns something truthy, calling it first, and then after each notify.
   *
   * @param predicate Called while the lock is held.
   * @returns What it returned last: falsy if `timeout` passed first.
   * @throws As {@linkcode Condition.wait}; whatever `predicate` throws, holding the lock.
   *
   * @example
   * ```ts
   * import { Condition } from "@interlock/core";
   * import assert from "node:assert/strict";
   *
   * const changed = new Condition();
   * const found = changed.run(() => changed.waitFor(() => "what it waits for"));
   * assert.equal(found, "what it waits for");
   * ```
   */
  waitFor<T>(predicate: () => T, options?: WaitOptions): T {
    const timeout = timeoutOf(options, Infinity, "wait for Condition");
    this.#requireHeld("wait for");
    const { agent } = this.memory;
    const deadline = agent.now() + timeout;
    for (;;) {
      const result = predicate();
      const left = deadline - agent.now();
      if (result || left <= 0) return result;
      this.wait({ timeout: left });
    }
  }

  /** As {@linkcode Condition.waitFor}, without blocking the thread; `predicate` may return a promise. */
  async waitForAsync<T>(predicate: () => T | Promise<T>, options?: AsyncWaitOptions): Promise<T> {
    const timeout = timeoutOf(options, Infinity, "wait for Condition");
    throwIfAborted(options?.signal);
    this.#requireHeld("wait for");
    const { agent } = this.memory;
    const deadline = agent.now() + timeout;
    for (;;) {
      const result = await predicate();
      const left = deadline - agent.now();
      if (result || left <= 0) return result;
      await this.waitAsync({ timeout: left, signal: options?.signal });
    }
  }

  /**
   * Ends the wait of at most `n` waiters, once this thread releases the lock.
   *
   * @param n How many; 0 or less notifies nobody.
   * @throws {LockStateError} If this thread does not hold the lock.
   * @throws {TypeError} If `n` is no number.
   * @throws {RangeError} If it is not an integer.
   */
  notify(n: number = 1): void {
    if (typeof n !== "number") throw new TypeError(`Cannot notify Condition as 'n' must be an integer: received ${typeof n}`);
    if (!Number.isInteger(n)) throw new RangeError(`Cannot notify Condition as 'n' must be an integer: received ${n}`);
    this.#requireHeld("notify");
    if (n > 0) this.#signals.notify(n);
  }

  /** Ends the wait of all waiters, once this thread releases the lock. Throws as {@linkcode Condition.notify}. */
  notifyAll(): void {
    this.#requireHeld("notify");
    this.#signals.notify(Infinity);
  }

  /** @internal What `inspect` shows. */
  override inspectState(): Inspection {
    return { ...super.inspectState(), waiters: this.#signals.point.waiters };
  }

  /** Announces a waiter, and releases the lock at all levels. */
  #begin(): { readonly ticket: number; readonly levels: number } {
    const ticket = this.#signals.register();
    if (ticket < 0) throw new RangeError(`Cannot wait for Condition as it can have no more than ${MOST_WAITERS} waiters`);
    try {
      return { ticket, levels: this.lock.releaseAll() };
    } catch (error) {
      this.#signals.withdraw(ticket);
      throw error;
    }
  }

  #requireHeld(action: string): void {
    if (this.lock.held) return;
    throw new LockStateError(`Cannot ${action} Condition as this thread does not hold its lock: acquire() it first`);
  }
}
