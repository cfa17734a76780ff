/**
 * A flag that threads wait for.
 *
 * @module
 */
import { type Handle, openHandle, Shareable } from "./handle.ts";
import { LINE, type Memory, type Place, place, wordsOf } from "./memory.ts";
import { waitInLine } from "./sys/async-line.ts";
import { SLICE_MS } from "./sys/futex.ts";
import { type AsyncWaitOptions, throwIfAborted, timeoutOf, type WaitOptions } from "./sys/options.ts";

const TAG_AT = 15;
const TAG = 0x10c0_0003;
/** Counts the threads with async waiters. */
const ASYNC_WAITERS = 1;

/** Where an event is made. */
export interface EventOptions {
  /** Where it lies; in this thread's default memory if absent. */
  readonly memory?: Memory | undefined;
}

function create(memory: Memory | undefined): Place {
  const at = place(memory, LINE, LINE);
  Atomics.store(wordsOf(at.memory), (at.offset >> 2) + TAG_AT, TAG);
  return at;
}

/**
 * A flag that one thread sets and others wait for.
 *
 * | word | meaning                                       |
 * | ---- | --------------------------------------------- |
 * | even | not set; waiters sleep on the word            |
 * | odd  | set                                           |
 *
 * Setting and clearing each add one, so a waiter that began before a `set` sees it even if a `clear` followed at once.
 *
 * - **Memory**: what was written before `set` is visible to whoever it lets go.
 * - **Order**: `set` lets all waiters go.
 *
 * Costs 64 bytes of shared memory.
 *
 * @example
 * ```ts
 * import { Event } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const ready = new Event();
 * assert.equal(ready.wait({ timeout: 1 }), false);
 * ready.set();
 * assert.equal(ready.wait(), true);
 * ```
 */
export class Event extends Shareable {
  readonly #words: Int32Array;
  readonly #at: number;

  /** @throws {RangeError} If `memory` has no room. */
  constructor(options?: EventOptions);
  /** @internal */
  constructor(options: EventOptions | undefined, at: Place);
  constructor(options?: EventOptions, at: Place = create(options?.memory)) {
    super(at);
    this.#words = wordsOf(at.memory);
    this.#at = at.offset >> 2;
  }

  /** The event of a handle, in this thread. Throws as every `attach`. */
  static attach(handle: Handle): Event {
    const at = openHandle(handle, "Event", LINE, LINE);
    if (Atomics.load(wordsOf(at.memory), (at.offset >> 2) + TAG_AT) !== TAG) {
      throw new TypeError(`Cannot attach Event as there is none at offset ${at.offset}`);
    }
    return new Event(undefined, at);
  }

  protected override get kind(): "Event" {
    return "Event";
  }

  /** Whether the flag is set. */
  isSet(): boolean {
    return isOdd(Atomics.load(this.#words, this.#at));
  }

  /** Sets the flag and lets every waiter go. No effect if it is set. */
  set(): void {
    const word = Atomics.load(this.#words, this.#at);
    if (isOdd(word)) return;
    // If this fails, another thread has set it since, and wakes the waiters.
    if (Atomics.compareExchange(this.#words, this.#at, word, (word + 1) | 0) === word) {
      this.memory.waiter.notify(this.#words, this.#at, Infinity);
    }
  }

  /** Clears the flag: later waits wait. No effect if it is not set. */
  clear(): void {
    const word = Atomics.load(this.#words, this.#at);
    if (isOdd(word)) Atomics.compareExchange(this.#words, this.#at, word, (word + 1) | 0);
  }

  /**
   * Blocks until the flag is set.
   *
   * @returns true, or false if `timeout` passed first.
   * @throws {TypeError} If it would have to wait on a thread that may not block.
   * @throws {RangeError} If `timeout` is NaN.
   */
  wait(options?: WaitOptions): boolean {
    const timeout = timeoutOf(options, Infinity, "wait for Event");
    const start = Atomics.load(this.#words, this.#at);
    if (isOdd(start)) return true;
    const { agent, waiter } = this.memory;
    const deadline = agent.now() + timeout;
    for (;;) {
      const left = deadline - agent.now();
      if (left <= 0) return false;
      let how: string;
      try {
        how = waiter.wait(this.#words, this.#at, start, Math.min(left, SLICE_MS));
      } catch (cause) {
        throw new TypeError("Cannot block in Event.wait() on this thread: await waitAsync() instead", { cause });
      }
      if (Atomics.load(this.#words, this.#at) !== start) return true;
      if (how === "timed-out") agent.checkpoint();
    }
  }

  /** As {@linkcode Event.wait}, without blocking the thread. Rejects with `signal.reason` on abort. */
  async waitAsync(options?: AsyncWaitOptions): Promise<boolean> {
    const timeout = timeoutOf(options, Infinity, "wait for Event");
    throwIfAborted(options?.signal);
    const start = Atomics.load(this.#words, this.#at);
    if (isOdd(start)) return true;
    if (timeout <= 0) return false;
    const changed = (): boolean => Atomics.load(this.#words, this.#at) !== start;
    return waitInLine(this.memory, { sequence: this.#at, waiters: this.#at + ASYNC_WAITERS }, changed, timeout, options?.signal);
  }
}

function isOdd(word: number): boolean {
  return (word & 1) === 1;
}
