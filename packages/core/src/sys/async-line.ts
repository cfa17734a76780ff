/**
 * Async waiters of one thread on one word: a single engine wait, and a first-come list behind it.
 *
 * Ten thousand engine waits in slices cost most of a core; one costs nothing. A line exists while somebody waits in it
 * and, if they all gave up, until its engine wait has ended: only then is it known whether that wait swallowed a wake.
 *
 * @module
 */
import type { Memory } from "../memory.ts";
import { wordsOf } from "../memory.ts";
import { SLICE_MS } from "./futex.ts";
import { after, keepAlive } from "./host.ts";
import type { AbortSignalLike } from "./options.ts";

/** Where the waiters of a line sleep. */
export interface LineWords {
  /** The word that changes, and is notified, when it is worth trying again. */
  readonly sequence: number;
  /** Counts the threads that have a line here; a notifier that reads 0 saves itself the trouble. */
  readonly waiters: number;
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
      const cancelTimer = after(timeout, () => leave(() => resolve(false)));
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
    Atomics.add(this.#words, this.#at.waiters, 1);
    let woken = false;
    for (;;) {
      // Read before trying: a change after a failed try makes the wait return at once.
      const seen = Atomics.load(this.#words, this.#at.sequence);
      if (this.#serve()) woken = false;
      if (this.#entries.size === 0) break;
      const how = await waiter.waitAsync(this.#words, this.#at.sequence, seen, SLICE_MS);
      woken = how === "ok";
      if (how === "timed-out") agent.checkpoint();
    }
    Atomics.sub(this.#words, this.#at.waiters, 1);
    this.#close();
    // Everybody gave up after the wake was sent: another thread's line has a use for it.
    if (woken) waiter.notify(this.#words, this.#at.sequence, 1);
    release();
  }

  /** Lets waiters try, first come first; stops at the first that must go on waiting. Says whether any had its turn. */
  #serve(): boolean {
    let served = false;
    for (const entry of this.#entries) {
      try {
        if (!entry.attempt()) return served;
        entry.resolve(true);
      } catch (error) {
        entry.reject(error);
      }
      served = true;
    }
    return served;
  }
}

const lines = new WeakMap<Int32Array, Map<number, AsyncLine>>();

/**
 * Waits until `attempt` succeeds.
 *
 * @returns true once it did, false after `timeout` milliseconds.
 */
export function waitInLine(memory: Memory, at: LineWords, attempt: () => boolean, timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
  const words = wordsOf(memory);
  let byWord = lines.get(words);
  if (byWord === undefined) {
    byWord = new Map();
    lines.set(words, byWord);
  }
  const existing = byWord.get(at.sequence);
  if (existing !== undefined) return existing.join(attempt, timeout, signal);
  const line = new AsyncLine(memory, at, () => byWord.delete(at.sequence));
  byWord.set(at.sequence, line);
  const joined = line.join(attempt, timeout, signal);
  void line.run();
  return joined;
}
