/**
 * A word that one thread sleeps on and others ring, so that work is announced by one wake and only to a sleeper.
 *
 * | value | means | left by |
 * |---|---|---|
 * | AWAKE | the thread will look for work before it sleeps | the thread: to ASLEEP |
 * | ASLEEP | the thread sleeps, or is about to look for the last time before it does | whoever rings, or the thread: to AWAKE |
 *
 * Whoever has work for the thread first makes it visible, then looks at the word; the thread first writes the word, then
 * looks for work. So one of the two sees the other.
 *
 * A thread that dies between the word's change and the wake loses the wake: `sleep` is bounded for that.
 *
 * @module
 */
import { futex } from "@interlock/core/base";

const AWAKE = 0;
const ASLEEP = 1;

/** The bytes that a doorbell takes: a cache line of its own. */
export const DOORBELL_BYTES = 64;

/** A thread's doorbell. */
export class Doorbell {
  readonly #words: Int32Array;

  constructor(buffer: SharedArrayBuffer, offset: number = 0) {
    this.#words = new Int32Array(buffer, offset, 1);
  }

  /** Wakes the thread if it sleeps. Call it once the work is there to be seen. */
  ring(): void {
    if (Atomics.load(this.#words, 0) === ASLEEP && Atomics.compareExchange(this.#words, 0, ASLEEP, AWAKE) === ASLEEP) futex.notify(this.#words, 0, Infinity);
  }

  /**
   * Sleeps until somebody rings, unless there is work already. Does not keep the program alive.
   *
   * @param hasWork Looks for work; called after the thread has counted as asleep.
   * @param milliseconds How long at most.
   */
  async sleep(hasWork: () => boolean, milliseconds: number): Promise<void> {
    Atomics.store(this.#words, 0, ASLEEP);
    if (!hasWork()) await futex.waitAsync(this.#words, 0, ASLEEP, milliseconds);
    Atomics.store(this.#words, 0, AWAKE);
  }
}
