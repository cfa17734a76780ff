/**
 * Async waiters of one thread for one thing: a single engine wait, and a first-come list behind it.
 *
 * Ten thousand engine waits in slices cost most of a core; one costs nothing. A line exists while somebody waits in it.
 *
 * The engine wait has no timeout, and an interval looks after it. With one, Node would keep a timer until its end for each
 * wait that was woken long before, and search all of them to drop one: among tens of thousands its event loop does nothing else.
 * Waits in memory of processes are not the engine's, and have one.
 *
 * The word that lines sleep on is odd while one of them may sleep that nobody has called; a call makes it even, one more.
 * So whoever has something to tell them meanwhile need not notify again.
 *
 * A wake goes to the lines of all threads, of which there are few: the thread of the one that was chosen might be busy,
 * or itself wait for another's.
 *
 * @module
 */
import type { Memory } from "../memory.ts";
import { wordsOf } from "../memory.ts";
import type { WaitResult } from "./futex.ts";
import { after, every } from "./host.ts";
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

/** What `#slices` is while the line does not sleep. */
const AWAKE = -1;

class AsyncLine {
  readonly #memory: Memory;
  readonly #words: Int32Array;
  readonly #at: LineWords;
  readonly #entries = new Set<Entry>();
  /** Whether all waiters are alike: when one must wait on, so must all behind it. */
  readonly #alike: boolean;
  readonly #close: () => void;
  /** What the word held when it went to sleep. */
  #seen = 0;
  /** How many slices have ended since it went to sleep. */
  #slices = AWAKE;
  /** Whether it was called since, as a slice ended: the wake is under way. */
  #called = false;

  constructor(memory: Memory, at: LineWords, alike: boolean, close: () => void) {
    this.#memory = memory;
    this.#words = wordsOf(memory);
    this.#at = at;
    this.#alike = alike;
    this.#close = close;
  }

  join(attempt: () => boolean, timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    return new Promise((resolve, reject) => {
      // It may have fired since the caller looked.
      if (signal?.aborted) return reject(signal.reason);
      let cancelTimer = (): void => {};
      const leave = (settle: () => void): void => {
        this.#entries.delete(entry);
        cancelTimer();
        signal?.removeEventListener("abort", onAbort);
        // Nobody is left to sleep for; an engine wait ends only by a wake, and holds the program until then.
        if (this.#slices !== AWAKE && this.#entries.size === 0) this.#rouse();
        settle();
      };
      const entry: Entry = {
        attempt,
        resolve: (taken) => leave(() => resolve(taken)),
        reject: (reason) => leave(() => reject(reason)),
      };
      const onAbort = (): void => entry.reject(signal?.reason);
      signal?.addEventListener("abort", onAbort);
      this.#entries.add(entry);
      // A wake may be under way whose turn has not come: the last try finds what it announces.
      cancelTimer = after(timeout, () => {
        if (!this.#try(entry)) entry.resolve(false);
      });
    });
  }

  async run(): Promise<void> {
    const { waiter, agent, crossProcess } = this.#memory;
    const release = every(agent.sliceMs, () => this.#lookUp());
    Atomics.add(this.#words, this.#at.lines, this.#at.unit);
    try {
      let how: WaitResult = "ok";
      for (;;) {
        // Before trying: a call after a failed try makes the wait return at once.
        this.#seen = Atomics.or(this.#words, this.#at.sequence, 1) | 1;
        if (this.#serve() && how === "timed-out") agent.rescued();
        // The line closes in this very turn: whoever came later would wait for nobody.
        if (this.#entries.size === 0) break;
        this.#slices = 0;
        this.#called = false;
        how = await waiter.waitAsync(this.#words, this.#at.sequence, this.#seen, crossProcess ? agent.sliceMs : Infinity);
        this.#slices = AWAKE;
        if (how === "timed-out") agent.checkpoint();
      }
    } catch (error) {
      // The wait failed, or a chore threw: nobody would ever wake these.
      this.#slices = AWAKE;
      this.#fail(error);
    } finally {
      Atomics.sub(this.#words, this.#at.lines, this.#at.unit);
      this.#close();
      release();
    }
  }

  /** At the end of a slice: somebody may have died, or have died before it could wake the line. */
  #lookUp(): void {
    // Only whoever has slept through a whole slice is late: wakes of a moment ago are under way.
    if (this.#slices === AWAKE || this.#slices++ === 0) return;
    const { agent } = this.#memory;
    try {
      agent.checkpoint();
      if (Atomics.load(this.#words, this.#at.sequence) === this.#seen) {
        if (this.#serve()) agent.rescued();
      } else if (this.#called) {
        // It had a slice to come in, of this event loop as well: whoever called could not notify.
        agent.rescued();
        this.#rouse();
      } else {
        this.#called = true;
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Ends the engine's wait. So it does for others that sleep there, who find that nothing has happened. */
  #rouse(): void {
    this.#memory.waiter.notify(this.#words, this.#at.sequence, Infinity);
  }

  #fail(error: unknown): void {
    for (const entry of this.#entries) entry.reject(error);
  }

  /** Lets waiters try, first come first. Says whether any took it. */
  #serve(): boolean {
    let taken = false;
    for (const entry of this.#entries) {
      if (this.#try(entry)) taken = true;
      else if (this.#alike) break;
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
 * @param amount How much `attempt` takes, if they differ: when one fails, so would all behind it with the same amount. 0 if
 * no two waiters are alike.
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
  const key = keyOf(at, amount);
  let byKey = lines.get(memory);
  if (byKey === undefined) {
    byKey = new Map();
    lines.set(memory, byKey);
  }
  const existing = byKey.get(key);
  if (existing !== undefined) return existing.join(attempt, timeout, signal);
  const line = new AsyncLine(memory, at, amount > 0, () => byKey.delete(key));
  byKey.set(key, line);
  const joined = line.join(attempt, timeout, signal);
  void line.run();
  return joined;
}

/** Whether somebody of this thread waits there already, behind whom others are to queue. */
export function hasLine(memory: Memory, at: LineWords, amount: number = 1): boolean {
  return lines.get(memory)?.has(keyOf(at, amount)) === true;
}

function keyOf(at: LineWords, amount: number): string {
  return `${at.sequence} ${amount}`;
}

/** Lets the lines of all threads try again. Call it after the change that makes it worth while. */
export function wakeLines(memory: Memory, at: LineWords): void {
  const words = wordsOf(memory);
  const word = Atomics.load(words, at.sequence);
  // If it has changed, somebody else called: after our change, so that lines that try now find it.
  if ((word & 1) === 0 || Atomics.compareExchange(words, at.sequence, word, (word + 1) | 0) !== word) return;
  memory.waiter.notify(words, at.sequence, Infinity);
}
