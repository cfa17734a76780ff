/**
 * The algorithm of a mutex in one word that names its owner; the states of the word are in `mutex-word`.
 *
 * Taking is one compare-exchange, giving back another, which also checks the owner. A thread that takes the word after
 * it waited leaves it CONTENDED: it cannot know that it was the last waiter. The price is at most one needless wake.
 *
 * Blocking waiters sleep on the word itself; async ones on a sequence word of their own, and a contended release wakes
 * one blocking waiter and the async ones of all threads. With one queue for both, the wake could go to an async waiter
 * whose thread is busy, while blocking ones sleep beside a free lock. Whoever is woken in vain marks the word CONTENDED
 * again before it sleeps or gives up, so a wake is never lost to a thread that barged in.
 *
 * Source of the three-state word: Ulrich Drepper, "Futexes Are Tricky" (2011), mutex 2.
 *
 * @module
 */
import { AbandonedLockError, DeadlockError, LockStateError } from "../errors.ts";
import { type Memory, type Place, wordsOf } from "../memory.ts";
import { hasLine, type LineWords, waitInLine, wakeLines } from "./async-line.ts";
import type { Inspection } from "./inspection.ts";
import { ABANDONED, BITS, BLOCKED, CONTENDED, DEPTH, FREE, LINES, MODE, type Owner, ownerOf, SEQUENCE, SINCE, wordOf } from "./mutex-word.ts";
import type { AbortSignalLike } from "./options.ts";
import { sleep } from "./wait-point.ts";

/** What a try found: the lock was taken, or the word to wait for. */
const TAKEN = 0;

/** The algorithm on the word. `kind` names the object in errors. */
export class Mutex {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #me: number;
  readonly #memory: Memory;
  readonly #line: LineWords;
  readonly #kind: string;

  constructor({ memory, offset }: Place, kind: string) {
    this.#memory = memory;
    this.#words = wordsOf(memory);
    this.#at = offset >>> 2;
    this.#me = wordOf(memory.agent);
    this.#line = { sequence: this.#at + SEQUENCE, lines: this.#at + LINES, unit: 1 };
    this.#kind = kind;
  }

  get locked(): boolean {
    return Atomics.load(this.#words, this.#at) !== FREE;
  }

  get held(): boolean {
    // Not if this thread was reported dead and its lock marked as abandoned.
    return (Atomics.load(this.#words, this.#at) & ~CONTENDED) === this.#me;
  }

  get owner(): Owner | undefined {
    const word = Atomics.load(this.#words, this.#at);
    return word === FREE ? undefined : ownerOf(word);
  }

  /** How often an RLock's owner entered again; plain memory that the lock itself protects. */
  get depth(): number {
    return this.#words[this.#at + DEPTH] as number;
  }

  set depth(value: number) {
    this.#words[this.#at + DEPTH] = value;
  }

  /** Takes the lock if it is free, and looks no further. */
  tryFree(): boolean {
    return Atomics.compareExchange(this.#words, this.#at, FREE, this.#me) === FREE;
  }

  /** Takes the lock if it is free. Throws `AbandonedLockError` if its owner is dead. */
  tryLock(): boolean {
    return this.tryFree() || this.#probe(this.#me) === TAKEN;
  }

  /** Waits until the lock is taken (true) or `timeout` milliseconds have passed (false). */
  lock(timeout: number): boolean {
    return this.tryFree() || this.#lockSlow(timeout);
  }

  #lockSlow(timeout: number): boolean {
    const { agent } = this.#memory;
    const deadline = timeout === Infinity ? Infinity : agent.now() + timeout;
    let mine = this.#me;
    let sliced = false;
    let counted = false;
    try {
      for (;;) {
        const word = this.#mark(mine);
        const left = deadline === Infinity ? Infinity : deadline - agent.now();
        if (word === TAKEN) {
          if (sliced) agent.rescued();
          return true;
        }
        if (left <= 0) return false;
        if ((word & ~BITS) === this.#me) throw this.deadlockError();
        if (!counted) {
          counted = true;
          Atomics.add(this.#words, this.#at + BLOCKED, 1);
        }
        this.#noteSince();
        const how = sleep(this.#memory, this.#at, word, left, `${this.#kind}.acquire`);
        // An engine may end a short sleep some microseconds early: that is no slice.
        sliced = how === "timed-out" && left > agent.sliceMs;
        // From here on others may be asleep that only we know of.
        mine = this.#me | CONTENDED;
      }
    } finally {
      if (counted) Atomics.sub(this.#words, this.#at + BLOCKED, 1);
    }
  }

  /** Whether async tasks of this thread wait already. */
  get queued(): boolean {
    return hasLine(this.#memory, this.#line);
  }

  /** Waits without blocking until `take` succeeds; `take` calls {@linkcode Mutex.attempt}. */
  lockAsync(take: () => boolean, timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    return waitInLine(this.#memory, this.#line, take, timeout, signal);
  }

  /** One try of an async waiter: takes the lock, or marks it so that its release wakes a waiter. */
  attempt(): boolean {
    if (this.#mark(this.#me | CONTENDED) === TAKEN) return true;
    this.#noteSince();
    return false;
  }

  /** Gives the lock back. Throws `LockStateError` unless this thread holds it. */
  unlock(): void {
    if (Atomics.compareExchange(this.#words, this.#at, this.#me, FREE) !== this.#me) this.#unlockSlow();
  }

  #unlockSlow(): void {
    const contended = this.#me | CONTENDED;
    if (this.held) this.#forgetSince();
    const word = Atomics.compareExchange(this.#words, this.#at, contended, FREE);
    if (word !== contended) throw this.stateError("release", word);
    this.#wake(1);
  }

  /** Takes over a lock whose owner died. Returns false if there is nothing to recover. */
  recover(): boolean {
    for (;;) {
      const word = Atomics.load(this.#words, this.#at);
      if (word === FREE || ((word & ABANDONED) === 0 && this.#alive(word))) return false;
      if (this.#inherit(word, this.#me)) return true;
    }
  }

  /**
   * Whether nobody holds it. Takes nothing; if the owner is dead, throws `AbandonedLockError` or frees the lock, as the mode
   * says.
   */
  passable(): boolean {
    for (;;) {
      const word = Atomics.load(this.#words, this.#at);
      if (word === FREE) return true;
      if ((word & ABANDONED) !== 0) throw this.#abandoned(word);
      if (this.#alive(word)) return false;
      if (this.#words[this.#at + MODE] !== 1) this.#abandon(word);
      else if (Atomics.compareExchange(this.#words, this.#at, word, FREE) === word) this.#wake(1);
    }
  }

  /** Whether somebody holds it and is dead. */
  get orphaned(): boolean {
    const word = Atomics.load(this.#words, this.#at);
    return word !== FREE && !this.#alive(word);
  }

  /** A snapshot for people. */
  inspect(): Inspection {
    const word = Atomics.load(this.#words, this.#at);
    const time = (this.#words[this.#at + SINCE] as number) * 2 ** 31 + (this.#words[this.#at + SINCE + 1] as number);
    return {
      owner: word === FREE ? undefined : { ...ownerOf(word), name: this.#name(word), alive: this.#alive(word) },
      since: word === FREE || time === 0 ? undefined : new Date(time),
      waiters: Atomics.load(this.#words, this.#at + BLOCKED) + Atomics.load(this.#words, this.#line.lines),
    };
  }

  /** Only a waiter looks at the clock: who takes a lock that is free pays nothing for it. */
  #noteSince(): void {
    if (this.#words[this.#at + SINCE] !== 0) return;
    const time = Date.now();
    this.#words[this.#at + SINCE + 1] = time % 2 ** 31;
    this.#words[this.#at + SINCE] = Math.floor(time / 2 ** 31);
  }

  #forgetSince(): void {
    this.#words[this.#at + SINCE] = 0;
    this.#words[this.#at + SINCE + 1] = 0;
  }

  deadlockError(): DeadlockError {
    return new DeadlockError(`Cannot acquire ${this.#kind} as this thread already holds it: blocking would never end; release it first, or use acquireAsync()`);
  }

  stateError(action: string, word: number = Atomics.load(this.#words, this.#at)): LockStateError {
    let reason: string;
    if (word === FREE) reason = "it is not held";
    else if ((word & ~BITS) === this.#me) reason = "this thread was reported dead while it held it";
    else reason = `another thread holds it: ${this.#name(word)}`;
    return new LockStateError(`Cannot ${action} ${this.#kind} as ${reason}`);
  }

  /** Takes the lock as `mine` if it is free or inherited, else returns the word as it is. */
  #probe(mine: number): number {
    for (;;) {
      const word = Atomics.load(this.#words, this.#at);
      if (word === FREE) {
        if (Atomics.compareExchange(this.#words, this.#at, FREE, mine) === FREE) return TAKEN;
      } else if ((word & ABANDONED) !== 0) {
        throw this.#abandoned(word);
      } else if (this.#alive(word)) {
        return word;
      } else if (this.#words[this.#at + MODE] === 1) {
        if (this.#inherit(word, mine)) return TAKEN;
      } else {
        this.#abandon(word);
      }
    }
  }

  /** Marks a dead owner's lock. The sleepers would find out within a slice; there is no reason to let them wait. */
  #abandon(word: number): void {
    if (Atomics.compareExchange(this.#words, this.#at, word, word | ABANDONED) === word) this.#wake(Infinity);
  }

  /** As `#probe`, and makes sure that the release of a held word wakes somebody. */
  #mark(mine: number): number {
    for (;;) {
      const word = this.#probe(mine);
      if (word === TAKEN || (word & CONTENDED) !== 0) return word;
      if (Atomics.compareExchange(this.#words, this.#at, word, word | CONTENDED) === word) return word | CONTENDED;
    }
  }

  /** Makes a dead owner's lock ours. Its waiters, if any, stay known. */
  #inherit(word: number, mine: number): boolean {
    if (Atomics.compareExchange(this.#words, this.#at, word, mine | (word & CONTENDED)) !== word) return false;
    this.depth = 0;
    this.#forgetSince();
    return true;
  }

  #wake(count: number): void {
    const { waiter } = this.#memory;
    waiter.notify(this.#words, this.#at, count);
    if (Atomics.load(this.#words, this.#line.lines) !== 0) wakeLines(this.#memory, this.#line);
  }

  #name(word: number): string {
    const { slot, generation } = ownerOf(word);
    const name = this.#memory.roster.nameOf(slot);
    // A slot's name is that of its latest owner.
    return name === "" || !this.#alive(word) ? `thread ${slot}/${generation}` : name;
  }

  #alive(word: number): boolean {
    const { slot, generation } = ownerOf(word);
    return this.#memory.roster.alive(slot, generation);
  }

  #abandoned(word: number): AbandonedLockError {
    return new AbandonedLockError(
      `Cannot acquire ${this.#kind} as its owner died while holding it: ${this.#name(word)}; check what it protects, then call recover()`,
    );
  }
}
