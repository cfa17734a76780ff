/**
 * A flag that threads wait for.
 *
 * @module
 */
import { type Handle, Shareable } from "./handle.ts";
import { LINE, type Memory, type Place, wordsOf } from "./memory.ts";
import { type Inspection, unowned } from "./sys/inspection.ts";
import { type AsyncWaitOptions, throwIfAborted, timeoutOf, type WaitOptions } from "./sys/options.ts";
import { WaitPoint } from "./sys/wait-point.ts";
import { createTagged, openTagged } from "./tagged.ts";

/** Where the waiters sleep, behind the flag. */
const POINT = 1;

/** Where an event is made. */
export interface EventOptions {
  /** Where it lies; in this thread's default memory if absent. */
  readonly memory?: Memory | undefined;
}

/**
 * A flag that one thread sets and others wait for.
 *
 * | word | meaning                                       |
 * | ---- | --------------------------------------------- |
 * | even | not set                                       |
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
  readonly #point: WaitPoint;

  /** @throws {RangeError} If `memory` has no room. */
  constructor(options?: EventOptions);
  /** @internal */
  constructor(options: EventOptions | undefined, at: Place);
  constructor(options?: EventOptions, at: Place = createTagged("Event", options?.memory, LINE)) {
    super(at);
    this.#words = wordsOf(at.memory);
    this.#at = at.offset >>> 2;
    this.#point = new WaitPoint(at.memory, this.#at + POINT);
  }

  /**
   * The event of a handle, in this thread.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or nothing of the kind lies there.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach(handle: Handle): Event {
    return new Event(undefined, openTagged("Event", handle, LINE));
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
    if (Atomics.compareExchange(this.#words, this.#at, word, (word + 1) | 0) === word) this.#point.wake(Infinity);
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
    return this.#point.wait(() => this.#changed(start), timeout, "Event.wait");
  }

  /**
   * As {@linkcode Event.wait}, without blocking the thread; keeps the program alive meanwhile.
   *
   * @param options How long to wait, and what ends the wait early.
   * @returns true, or false if `timeout` passed first.
   * @throws `signal.reason`, if `signal` aborts first.
   *
   * @example
   * ```ts
   * import { Event } from "@interlock/core";
   * import assert from "node:assert/strict";
   *
   * const ready = new Event();
   * const waiting = ready.waitAsync({ timeout: 1000 });
   * ready.set();
   * assert.equal(await waiting, true);
   * ```
   */
  async waitAsync(options?: AsyncWaitOptions): Promise<boolean> {
    const timeout = timeoutOf(options, Infinity, "wait for Event");
    throwIfAborted(options?.signal);
    const start = Atomics.load(this.#words, this.#at);
    if (isOdd(start)) return true;
    if (timeout <= 0) return false;
    return this.#point.waitAsync(() => this.#changed(start), timeout, options?.signal);
  }

  /** Whether the flag was set since, even if it was cleared again. */
  #changed(start: number): boolean {
    return Atomics.load(this.#words, this.#at) !== start;
  }

  /** @internal What `inspect` shows. */
  inspectState(): Inspection {
    return unowned(this.#point.waiters);
  }
}

function isOdd(word: number): boolean {
  return (word & 1) === 1;
}
