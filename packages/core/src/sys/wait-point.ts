/**
 * Where the waiters for one thing sleep, blocking and async, and how they are woken.
 *
 * | word | name    | meaning                                                                              |
 * | ---- | ------- | ------------------------------------------------------------------------------------ |
 * | 0    | CALLS   | how often somebody was called << 11 + blocking waiters that were not; they sleep on it |
 * | 1    | LINES   | the same for async waiters; see `async-line`                                         |
 * | 2    | WAITERS | threads with async waiters << 16 + threads that block; a waker that reads 0 is done  |
 *
 * A waiter announces itself, tries, sleeps. A waker makes its change, looks for waiters, counts a call, notifies. So either
 * the waker sees the waiter, or the waiter's try sees the change.
 *
 * A call takes back the announcements of those that it is for, so that others need not notify anybody until these are
 * awake and have announced themselves again: that takes tens of microseconds, in which a busy thread makes hundreds of
 * changes. Which waiters a call is for is not known. One that was woken, or finds a call counted since its announcement,
 * takes that for its own and announces itself anew: at worst there are more announcements than waiters, which costs
 * needless notifications. A waker that is preempted between its call and its notification delays those whom it called, also
 * for others: until it goes on, or to the end of a slice.
 *
 * Blocking and async waiters have a queue each: one wake in a common queue could go to an async waiter whose thread is
 * busy, while a blocking one sleeps on.
 *
 * A thread that dies while it waits stays counted: that, too, costs needless notifications and nothing else.
 *
 * @module
 */
import type { Memory } from "../memory.ts";
import { wordsOf } from "../memory.ts";
import { type LineWords, waitInLine, wakeLines } from "./async-line.ts";
import type { WaitResult } from "./futex.ts";
import type { AbortSignalLike } from "./options.ts";

/** The words of a wait point. */
export const POINT_WORDS = 3;

/** More than there are threads, so that a full count still has one for each. */
const UNCALLED = 0x7ff;
const CALL: number = UNCALLED + 1;

const ASYNC_ONE = 1 << 16;
const BLOCKED_MASK: number = ASYNC_ONE - 1;

export class WaitPoint {
  readonly #memory: Memory;
  readonly #words: Int32Array;
  readonly #calls: number;
  readonly #waiters: number;
  readonly #line: LineWords;

  /**
   * @param index Its first word in the memory.
   * @param waiters Its WAITERS, if it shares that with another point.
   */
  constructor(memory: Memory, index: number, waiters: number = index + 2) {
    this.#memory = memory;
    this.#words = wordsOf(memory);
    this.#calls = index;
    this.#waiters = waiters;
    this.#line = { sequence: index + 1, lines: waiters, unit: ASYNC_ONE };
  }

  /** How many threads wait here. */
  get waiters(): number {
    const waiters = Atomics.load(this.#words, this.#waiters);
    return (waiters & BLOCKED_MASK) + (waiters >>> 16);
  }

  /**
   * Blocks until `attempt` succeeds.
   *
   * @param call What the caller called, for the error on a thread that may not block.
   * @returns true once it did, false after `timeout` milliseconds. Tries once more after the last sleep.
   */
  wait(attempt: () => boolean, timeout: number, call: string): boolean {
    if (timeout <= 0) return attempt();
    Atomics.add(this.#words, this.#waiters, 1);
    try {
      return this.#sleepUntil(attempt, timeout, call);
    } finally {
      Atomics.sub(this.#words, this.#waiters, 1);
    }
  }

  #sleepUntil(attempt: () => boolean, timeout: number, call: string): boolean {
    const { agent } = this.#memory;
    // Reading the clock is most of what a sleeper does after a slice; who waits for ever need not.
    const deadline = timeout === Infinity ? Infinity : agent.now() + timeout;
    let how: WaitResult = "ok";
    /** Whether the last sleep ended with a slice, and not for want of time. */
    let sliced = false;
    /** The calls that there were when this thread announced itself; at first, no number of them. */
    let announced = Number.NaN;
    try {
      for (;;) {
        // Before trying: a call after a failed try makes the sleep end at once.
        let word = Atomics.load(this.#words, this.#calls);
        if ((word & ~UNCALLED) !== announced) word = this.#announce();
        announced = word & ~UNCALLED;
        const left = deadline === Infinity ? Infinity : deadline - agent.now();
        if (attempt()) {
          if (sliced) agent.rescued();
          return true;
        }
        if (left <= 0) return false;
        how = sleep(this.#memory, this.#calls, word, left, call);
        // An engine may end a short sleep some microseconds early.
        sliced = how === "timed-out" && left > agent.sliceMs;
        // The call may have been for one that sleeps on: then it needs the announcement of this one.
        if (how === "ok") announced = Number.NaN;
      }
    } finally {
      this.#withdraw(announced);
    }
  }

  /** Adds this thread to those that were not called; returns the word. */
  #announce(): number {
    for (;;) {
      const word = Atomics.load(this.#words, this.#calls);
      const more = (word & UNCALLED) === UNCALLED ? word : word + 1;
      if (Atomics.compareExchange(this.#words, this.#calls, word, more) === word) return more;
    }
  }

  /** Takes this thread's announcement back, unless a call did. */
  #withdraw(announced: number): void {
    for (;;) {
      const word = Atomics.load(this.#words, this.#calls);
      if ((word & ~UNCALLED) !== announced) return;
      if (Atomics.compareExchange(this.#words, this.#calls, word, word - 1) === word) return;
    }
  }

  /**
   * As {@linkcode WaitPoint.wait}, without blocking the thread. Rejects with `signal.reason` on abort.
   *
   * @param amount How much `attempt` takes, where that differs between waiters.
   */
  waitAsync(attempt: () => boolean, timeout: number, signal: AbortSignalLike | undefined, amount?: number): Promise<boolean> {
    return waitInLine(this.#memory, this.#line, attempt, timeout, signal, amount);
  }

  /** Throws on a thread that may not block, before anything has been changed. */
  requireBlocking(call: string): void {
    try {
      // An unequal word never sleeps, yet a thread that may not block is told so.
      this.#memory.waiter.wait(this.#words, this.#calls, ~Atomics.load(this.#words, this.#calls), 0);
    } catch (cause) {
      throw cannotBlock(call, cause);
    }
  }

  /** Lets at most `count` blocking waiters and all async ones try again. Call it after the change. */
  wake(count: number): void {
    const waiters = Atomics.load(this.#words, this.#waiters);
    if (waiters !== 0) this.#wakeSome(waiters, count);
  }

  #wakeSome(waiters: number, count: number): void {
    if ((waiters & BLOCKED_MASK) !== 0) this.#call(count);
    if (waiters >>> 16 !== 0) wakeLines(this.#memory, this.#line);
  }

  #call(count: number): void {
    for (;;) {
      const word = Atomics.load(this.#words, this.#calls);
      const uncalled = word & UNCALLED;
      if (uncalled === 0) return;
      const next = ((word & ~UNCALLED) + CALL + Math.max(0, uncalled - count)) | 0;
      if (Atomics.compareExchange(this.#words, this.#calls, word, next) !== word) continue;
      this.#memory.waiter.notify(this.#words, this.#calls, count);
      return;
    }
  }
}

/** Whoever waits for ever looks at the words again at least after so many slices, whatever it has heard. */
const MOST_SLICES = 20;

/**
 * Sleeps for a slice, or until `timeout` milliseconds have passed, and does what is due after that. Whoever waits for ever sleeps
 * on after a slice without any news: threads that rest cost little more than threads that only sleep. Its second slice is shorter, so
 * that from then on such threads wake together: the first wakes the processor, for the others it is awake already.
 */
export function sleep(memory: Memory, index: number, expected: number, timeout: number, call: string): WaitResult {
  const { agent, waiter } = memory;
  const words = wordsOf(memory);
  const slice = Math.min(timeout, agent.sliceMs);
  let how: WaitResult;
  let slices = 0;
  try {
    do how = waiter.wait(words, index, expected, slices === 1 ? agent.toCommonEnd(slice) : slice);
    while (how === "timed-out" && timeout === Infinity && ++slices < MOST_SLICES && agent.sleepsOn() && Atomics.load(words, index) === expected);
  } catch (cause) {
    throw cannotBlock(call, cause);
  }
  if (how === "timed-out") agent.checkpoint();
  return how;
}

function cannotBlock(call: string, cause: unknown): TypeError {
  return new TypeError(`Cannot block in ${call}() as this thread may not: await ${call.replace(/^.*\./, "")}Async() instead`, { cause });
}
