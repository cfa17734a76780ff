/**
 * The words of a condition, and their algorithm.
 *
 * | word  | name       | meaning                                                                       |
 * | ----- | ---------- | ----------------------------------------------------------------------------- |
 * | 0     | STATE      | waiting << 16 + notified: waiters that nobody notified yet, and notifications not yet taken |
 * | 1     | GENERATION | grows with each notify, before its notifications are added to STATE              |
 * | 2 - 4 | POINT      | where the waiters sleep                                                       |
 *
 * | transition | STATE                    | who, when                                                          |
 * | ---------- | ------------------------ | ------------------------------------------------------------------ |
 * | register   | waiting + 1              | a waiter, holding the lock                                         |
 * | notify n   | waiting - k, notified + k | a notifier, holding the lock; k = min(n, waiting)                  |
 * | consume    | notified - 1             | a waiter that registered before the last notify                    |
 * | withdraw   | waiting - 1              | a waiter that gives up and finds nothing to consume                |
 *
 * waiting + notified is thus the number of waiters inside, and a notify reaches exactly min(n, waiting) of those that
 * waited when it came. A waiter that registers later cannot take their notification: its generation is the current one.
 * It follows that of the waiters with an older generation there are always at least `notified`, so none of them that was
 * notified is left without one. A waiter that gives up after a notification reached it has been notified: it says so.
 *
 * A waiter that dies stays counted. It hangs nobody: its notification, if any, is taken by a later waiter, which then
 * returns from its wait once without a notify of its own.
 *
 * Source of the idea, a count of notifications and a generation that keeps later waiters from taking them: the condition
 * variable of the GNU C Library before version 2.25.
 *
 * @module
 */
import { type Place, wordsOf } from "../memory.ts";
import type { AbortSignalLike } from "./options.ts";
import { Spin } from "./spin.ts";
import { WaitPoint } from "./wait-point.ts";

const GENERATION = 1;
const POINT = 2;
const WAITING_ONE = 1 << 16;
const NOTIFIED_MASK: number = WAITING_ONE - 1;

/** The most waiters there can be at once. */
export const MOST_WAITERS: number = NOTIFIED_MASK;

/** The algorithm on the words. */
export class Signals {
  /** Where the waiters sleep. */
  readonly point: WaitPoint;
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #spin: Spin;

  constructor({ memory, offset }: Place) {
    this.#words = wordsOf(memory);
    this.#at = offset >>> 2;
    this.point = new WaitPoint(memory, this.#at + POINT);
    this.#spin = new Spin(memory.agent);
  }

  /** Announces a waiter, which MUST hold the lock. Returns its ticket, or -1 if there are too many. */
  register(): number {
    const state = Atomics.load(this.#words, this.#at);
    // Meanwhile others can only leave: to enter or to notify takes the lock.
    if ((state >>> 16) + (state & NOTIFIED_MASK) >= MOST_WAITERS) return -1;
    Atomics.add(this.#words, this.#at, WAITING_ONE);
    return Atomics.load(this.#words, this.#at + GENERATION) >>> 0;
  }

  /** Sleeps until the ticket's owner is notified (true), or `timeout` milliseconds have passed and it has withdrawn (false). */
  wait(ticket: number, timeout: number, call: string): boolean {
    const attempt = (): boolean => this.#consume(ticket);
    return (timeout > 0 && (this.#spin.until(attempt) || this.point.wait(attempt, timeout, call))) || this.withdraw(ticket);
  }

  /** As {@linkcode Signals.wait}, without blocking the thread. Rejects with `signal.reason` if no notification came first. */
  async waitAsync(ticket: number, timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    let notified = false;
    try {
      notified = timeout > 0 && (await this.point.waitAsync(() => this.#consume(ticket), timeout, signal));
    } catch (reason) {
      if (this.withdraw(ticket)) return true;
      throw reason;
    }
    return notified || this.withdraw(ticket);
  }

  /** Notifies at most `n` of those that wait now. The caller MUST hold the lock. */
  notify(n: number): void {
    // Nobody registers meanwhile: that takes the lock.
    if (Atomics.load(this.#words, this.#at) >>> 16 === 0) return;
    Atomics.add(this.#words, this.#at + GENERATION, 1);
    for (;;) {
      const state = Atomics.load(this.#words, this.#at);
      const count = Math.min(n, state >>> 16);
      if (Atomics.compareExchange(this.#words, this.#at, state, (state - count * WAITING_ONE + count) | 0) === state) break;
    }
    this.point.wake(n);
  }

  #consume(ticket: number): boolean {
    for (;;) {
      const state = Atomics.load(this.#words, this.#at);
      if ((state & NOTIFIED_MASK) === 0 || Atomics.load(this.#words, this.#at + GENERATION) >>> 0 === ticket) return false;
      if (Atomics.compareExchange(this.#words, this.#at, state, (state - 1) | 0) === state) return true;
    }
  }

  /** Leaves without having been notified (false), unless a notification came first (true). */
  withdraw(ticket: number): boolean {
    for (;;) {
      const state = Atomics.load(this.#words, this.#at);
      if (this.#consume(ticket)) return true;
      if (Atomics.compareExchange(this.#words, this.#at, state, (state - WAITING_ONE) | 0) === state) return false;
    }
  }
}
