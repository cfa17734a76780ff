/**
 * The words of a semaphore, and their algorithm.
 *
 * | word   | name    | meaning                                                              |
 * | ------ | ------- | -------------------------------------------------------------------- |
 * | 0      | VALUE   | how many permits are free; never negative                            |
 * | 1      | MAX     | how many there may be                                                |
 * | 2      | WAITERS | how many threads wait, of both kinds; see `wait-point`               |
 * | 3, 4   | SINGLES | where those wait who ask for one permit                              |
 * | 5, 6   | SEVERAL | where those wait who ask for more                                    |
 *
 * A release of n wakes n of the SINGLES, which is as many as it can serve, and all of SEVERAL. In one queue, a waiter that
 * needs three would swallow the wake meant for one that needs one.
 *
 * @module
 */
import { type Place, wordsOf } from "../memory.ts";
import type { AbortSignalLike } from "./options.ts";
import { Spin } from "./spin.ts";
import { WaitPoint } from "./wait-point.ts";

const MAX = 1;
const WAITERS = 2;
const SINGLES = 3;
const SEVERAL = 5;

/** The most permits there can be. */
export const MOST_PERMITS: number = 2 ** 31 - 1;

/** Sets up the words of a semaphore; `at` is the first. */
export function initPermits(words: Int32Array, at: number, value: number, max: number): void {
  words[at] = value;
  words[at + MAX] = max;
}

/** The algorithm on the words. */
export class Permits {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #singles: WaitPoint;
  readonly #several: WaitPoint;
  readonly #spin: Spin;

  constructor({ memory, offset }: Place) {
    this.#words = wordsOf(memory);
    this.#at = offset >>> 2;
    this.#singles = new WaitPoint(memory, this.#at + SINGLES, this.#at + WAITERS);
    this.#several = new WaitPoint(memory, this.#at + SEVERAL, this.#at + WAITERS);
    this.#spin = new Spin(memory.agent);
  }

  /** How many permits are free. */
  get value(): number {
    return Atomics.load(this.#words, this.#at);
  }

  /** How many permits there may be. */
  get max(): number {
    return this.#words[this.#at + MAX] as number;
  }

  /** How many threads wait. */
  get waiters(): number {
    return this.#singles.waiters;
  }

  /** Takes `n` permits if that many are free. */
  tryTake(n: number): boolean {
    for (;;) {
      const value = Atomics.load(this.#words, this.#at);
      if (value < n) return false;
      if (Atomics.compareExchange(this.#words, this.#at, value, value - n) === value) return true;
    }
  }

  /** Blocks until it has taken `n` permits (true) or `timeout` milliseconds have passed (false). */
  take(n: number, timeout: number, call: string): boolean {
    return this.tryTake(n) || (timeout > 0 && this.#wait(n, timeout, call));
  }

  #wait(n: number, timeout: number, call: string): boolean {
    const attempt = (): boolean => this.tryTake(n);
    return this.#spin.until(attempt) || this.#point(n).wait(attempt, timeout, call);
  }

  /** As {@linkcode Permits.take}, without blocking the thread. */
  async takeAsync(n: number, timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    return this.tryTake(n) || (timeout > 0 && this.#point(n).waitAsync(() => this.tryTake(n), timeout, signal, n));
  }

  /** Adds `n` permits and wakes whom they may serve. Returns false, and adds none, if that would be more than `max`. */
  give(n: number): boolean {
    for (;;) {
      const value = Atomics.load(this.#words, this.#at);
      if (value > this.max - n) return false;
      if (Atomics.compareExchange(this.#words, this.#at, value, value + n) === value) break;
    }
    if (Atomics.load(this.#words, this.#at + WAITERS) !== 0) {
      this.#singles.wake(n);
      this.#several.wake(Infinity);
    }
    return true;
  }

  #point(n: number): WaitPoint {
    return n === 1 ? this.#singles : this.#several;
  }
}
