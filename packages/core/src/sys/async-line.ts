/**
 * Async waiters of one thread for one thing: a single engine wait, and a first-come list behind it.
 *
 * Ten thousand engine waits in slices cost most of a core; one costs nothing. A line exists while somebody waits in it
 * and, if they all gave up, until its engine wait has ended.
 *
 * A wake goes to the lines of all threads, of which there are few: the thread of the one that was chosen might be busy,
 * or itself wait for another's.
 *
 * @module
 */
import type { Memory } from "../memory.ts";
import { wordsOf } from "../memory.ts";
import { SLICE_MS } from "./futex.ts";
import { after, keepAlive } from "./host.ts";
import type { AbortSignalLike } from "./options.ts";

/** Where the lines of all threads sleep. */
export interface LineWords {
  /** The word that changes, and is notified, when it is worth trying again. */
  readonly sequence: number;
  /** The word that counts the lines. */
  readonly lines: number;
  /** What a line adds to that word. */
  readonly unit: number;
}

interface Entry {
  /** Tries to take what is waited for; says so, or throws what rejects the wait. */
  readonly attempt: () => boolean;
  readonly resolve: (taken: boolean) => void;
  readonly reject: (reason: unknown) => void;
}

class AsyncLine {
  readonly #memory: Memory;
  readonly #words: Int32Array;
  readonly #at: LineWords;
  readonly #entries = new Set<Entry>();
  readonly #close: () => void;

  constructor(memory: Memory, at: LineWords, close: () => void) {
    this.#memory = memory;
    this.#words = wordsOf(memory);
    this.#at = at;
    this.#close = close;
  }

  join(attempt: () => boolean, timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => leave(() => reject(signal?.reason));
      // A wake may be under way whose turn has not come: the last try finds what it announces.
      const cancelTimer = after(timeout, () => {
        if (!this.#try(entry)) entry.resolve(false);
      });
      const leave = (settle: () => void): void => {
        this.#entries.delete(entry);
        cancelTimer();
        signal?.removeEventListener("abort", onAbort);
        settle();
      };
      const entry: Entry = {
        attempt,
        resolve: (taken) => leave(() => resolve(taken)),
        reject: (reason) => leave(() => reject(reason)),
      };
      signal?.addEventListener("abort", onAbort);
      this.#entries.add(entry);
    });
  }

  async run(): Promise<void> {
    const release = keepAlive();
    const { waiter, agent } = this.#memory;
    Atomics.add(this.#words, this.#at.lines, this.#at.unit);
    let how = "ok";
    for (;;) {
      // Read before trying: a change after a failed try makes the wait return at once.
      const seen = Atomics.load(this.#words, this.#at.sequence);
      if (this.#serve() && how === "timed-out") agent.rescued();
      if (this.#entries.size === 0) break;
      how = await waiter.waitAsync(this.#words, this.#at.sequence, seen, SLICE_MS);
      if (how === "timed-out") agent.checkpoint();
    }
    Atomics.sub(this.#words, this.#at.lines, this.#at.unit);
    this.#close();
    release();
  }

  /** Lets waiters try, first come first; stops at the first that must go on waiting. Says whether any took it. */
  #serve(): boolean {
    let taken = false;
    for (const entry of this.#entries) {
      if (!this.#try(entry)) break;
      taken = true;
    }
    return taken;
  }

  /** Settles a waiter if it need not wait any longer. */
  #try(entry: Entry): boolean {
    try {
      if (!entry.attempt()) return false;
      entry.resolve(true);
    } catch (error) {
      entry.reject(error);
    }
    return true;
  }
}

const lines = new WeakMap<Memory, Map<string, AsyncLine>>();

/**
 * Waits until `attempt` succeeds.
 *
 * @param amount How much `attempt` takes, if they differ: when one fails, so would all behind it with the same amount.
 * @returns true once it did, false after `timeout` milliseconds.
 */
export function waitInLine(
  memory: Memory,
  at: LineWords,
  attempt: () => boolean,
  timeout: number,
  signal: AbortSignalLike | undefined,
  amount: number = 1,
): Promise<boolean> {
  const key = `${at.sequence} ${amount}`;
  let byKey = lines.get(memory);
  if (byKey === undefined) {
    byKey = new Map();
    lines.set(memory, byKey);
  }
  const existing = byKey.get(key);
  if (existing !== undefined) return existing.join(attempt, timeout, signal);
  const line = new AsyncLine(memory, at, () => byKey.delete(key));
  byKey.set(key, line);
  const joined = line.join(attempt, timeout, signal);
  void line.run();
  return joined;
}

/** Lets the lines of all threads try again. Call it after the change that makes it worth while. */
export function wakeLines(memory: Memory, at: LineWords): void {
  Atomics.add(wordsOf(memory), at.sequence, 1);
  memory.waiter.notify(wordsOf(memory), at.sequence, Infinity);
}
