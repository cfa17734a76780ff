/**
 * Where the waiters for one thing sleep, blocking and async, and how they are woken.
 *
 * | word | name     | meaning                                                                           |
 * | ---- | -------- | --------------------------------------------------------------------------------- |
 * | 0    | SEQUENCE | grows when it is worth trying again; blocking waiters sleep on it                 |
 * | 1    | LINES    | the same for async waiters; see `async-line`                                      |
 * | 2    | WAITERS  | threads with async waiters << 16 + threads that block; a waker that reads 0 is done |
 *
 * A waiter announces itself, reads the sequence, tries, sleeps. A waker makes its change, looks for waiters, raises the
 * sequence, notifies. So either the waker sees the waiter, or the waiter's try sees the change.
 *
 * Blocking and async waiters have a queue each: one wake in a common queue could go to an async waiter whose thread is
 * busy, while a blocking one sleeps on.
 *
 * A thread that dies while it waits stays counted: that costs needless notifications, nothing else.
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

const ASYNC_ONE = 1 << 16;
const BLOCKED_MASK: number = ASYNC_ONE - 1;

export class WaitPoint {
  readonly #memory: Memory;
  readonly #words: Int32Array;
  readonly #sequence: number;
  readonly #waiters: number;
  readonly #line: LineWords;

  /**
   * @param index Its first word in the memory.
   * @param waiters Its WAITERS, if it shares that with another point.
   */
  constructor(memory: Memory, index: number, waiters: number = index + 2) {
    this.#memory = memory;
    this.#words = wordsOf(memory);
    this.#sequence = index;
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
    for (;;) {
      // Read before trying: a change after a failed try makes the sleep end at once.
      const seen = Atomics.load(this.#words, this.#sequence);
      const left = deadline === Infinity ? Infinity : deadline - agent.now();
      if (attempt()) {
        if (how === "timed-out" && left > 0) agent.rescued();
        return true;
      }
      if (left <= 0) return false;
      how = sleep(this.#memory, this.#sequence, seen, Math.min(left, agent.sliceMs), call);
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
      this.#memory.waiter.wait(this.#words, this.#sequence, ~Atomics.load(this.#words, this.#sequence), 0);
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
    if ((waiters & BLOCKED_MASK) !== 0) {
      Atomics.add(this.#words, this.#sequence, 1);
      this.#memory.waiter.notify(this.#words, this.#sequence, count);
    }
    if (waiters >>> 16 !== 0) wakeLines(this.#memory, this.#line);
  }
}

/** One sleep of at most a slice, and what is due after it. */
export function sleep(memory: Memory, index: number, expected: number, timeout: number, call: string): WaitResult {
  let how: WaitResult;
  try {
    how = memory.waiter.wait(wordsOf(memory), index, expected, timeout);
  } catch (cause) {
    throw cannotBlock(call, cause);
  }
  if (how === "timed-out") memory.agent.checkpoint();
  return how;
}

function cannotBlock(call: string, cause: unknown): TypeError {
  return new TypeError(`Cannot block in ${call}() on this thread: await ${call.replace(/^.*\./, "")}Async() instead`, { cause });
}
