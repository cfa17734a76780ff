/**
 * Sleep on words that processes share, by the operating system's futex: `Atomics.wait` and `notify` do not reach beyond a process.
 *
 * @module
 */
import type { WaitBackend, WaitResult } from "@interlock/core/base";
import type { Sys } from "./sys/sys.ts";
import { WaitDesk } from "./wait-desk.ts";

let desk: WaitDesk | undefined;

/** Waits and wakes in one memory. */
export class FutexWaiter implements WaitBackend {
  readonly #sys: Sys;
  readonly #address: number;

  /** @param address Where the memory begins. */
  constructor(sys: Sys, address: number) {
    this.#sys = sys;
    this.#address = address;
  }

  wait(words: Int32Array, index: number, expected: number, timeoutMs: number): WaitResult {
    const address = this.#addressOf(words, index);
    const deadline = performance.now() + timeoutMs;
    if (Atomics.load(words, index) !== expected) return "not-equal";
    for (let left = timeoutMs; left > 0; left = deadline - performance.now()) {
      // A signal may have ended it as well.
      if (Atomics.load(words, index) !== expected) return "not-equal";
      if (this.#sys.wait(address, expected, left)) return "ok";
    }
    // Whatever the word holds by now: who changed it should have woken this one.
    return "timed-out";
  }

  async waitAsync(words: Int32Array, index: number, expected: number, timeoutMs: number): Promise<WaitResult> {
    if (Atomics.load(words, index) !== expected) return "not-equal";
    desk ??= new WaitDesk(this.#sys);
    return desk.wait(this.#addressOf(words, index), expected, timeoutMs);
  }

  notify(words: Int32Array, index: number, count: number): number {
    const address = this.#addressOf(words, index);
    desk?.tell(address);
    return this.#sys.wake(address, count);
  }

  #addressOf(words: Int32Array, index: number): number {
    return this.#address + words.byteOffset + index * 4;
  }
}
