/**
 * A mutex in one 32-bit word that names its owner.
 *
 * | word           | name      | meaning                                                                     |
 * | -------------- | --------- | --------------------------------------------------------------------------- |
 * | 0              | FREE      | nobody holds it                                                             |
 * | owner          | HELD      | held, nobody waits                                                          |
 * | owner + bit 0  | CONTENDED | held, and somebody waits or is about to                                     |
 * | owner + bit 1  | ABANDONED | the owner died and somebody noticed; stays so until recovered (bit 0 is kept) |
 *
 * `owner` is slot << 2 | generation << 12; a living generation is odd, so an owner is never 0.
 *
 * Taking is one compare-exchange, giving back another, which also checks the owner. A thread that takes the word after
 * it waited leaves it CONTENDED: it cannot know that it was the last waiter. The price is at most one needless wake.
 *
 * Blocking waiters sleep on the word itself; async ones on a sequence word of their own, and a contended release wakes
 * one of each. With one queue for both, the wake could go to an async waiter whose thread is busy, while blocking ones
 * sleep beside a free lock. Whoever is woken in vain marks the word CONTENDED again before it sleeps or gives up, so a
 * wake is never lost to a thread that barged in.
 *
 * Source of the three-state word: Ulrich Drepper, "Futexes Are Tricky" (2011), mutex 2.
 *
 * @module
 */
import { AbandonedLockError, DeadlockError, LockStateError } from "../errors.ts";
import { LINE, type Memory, type Place, place, wordsOf } from "../memory.ts";
import { GENERATION_BITS, SLOT_BITS } from "../roster.ts";
import { type LineWords, waitInLine } from "./async-line.ts";
import { SLICE_MS } from "./futex.ts";
import type { AbortSignalLike } from "./options.ts";

const FREE = 0;
const CONTENDED = 1;
const ABANDONED = 2;
const SLOT_SHIFT = 2;
const GENERATION_SHIFT = SLOT_SHIFT + SLOT_BITS;
const BITS = CONTENDED | ABANDONED;

/** What a try found: the lock was taken, or the word to wait for. */
const TAKEN = 0;

/** The bytes of a mutex and what hangs on it: a cache line. */
export const MUTEX_BYTES: number = LINE;

// Words of the line, after the mutex itself.
const MODE = 1;
const SEQUENCE = 2;
const ASYNC_WAITERS = 3;
const DEPTH = 4;
const TAG = 15;

/** `"error"`: a dead owner's lock throws until recovered. `"release"`: it goes to the next in line. */
export type OnOwnerDeath = "error" | "release";

/** The thread that holds a lock. */
export interface Owner {
  readonly slot: number;
  readonly generation: number;
}

/** Reserves a mutex, free and tagged with the kind of lock that it is for. */
export function createMutex(memory: Memory | undefined, onOwnerDeath: OnOwnerDeath, tag: number): Place {
  const at = place(memory, MUTEX_BYTES, LINE);
  const words = wordsOf(at.memory);
  words[(at.offset >> 2) + MODE] = onOwnerDeath === "release" ? 1 : 0;
  Atomics.store(words, (at.offset >> 2) + TAG, tag);
  return at;
}

/** The kind of lock that was created at an offset. */
export function mutexTag({ memory, offset }: Place): number {
  return Atomics.load(wordsOf(memory), (offset >> 2) + TAG);
}

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
    this.#at = offset >> 2;
    this.#me = (memory.agent.slot << SLOT_SHIFT) | (memory.agent.generation << GENERATION_SHIFT);
    this.#line = { sequence: this.#at + SEQUENCE, waiters: this.#at + ASYNC_WAITERS };
    this.#kind = kind;
  }

  get locked(): boolean {
    return Atomics.load(this.#words, this.#at) !== FREE;
  }

  get held(): boolean {
    return (Atomics.load(this.#words, this.#at) & ~BITS) === this.#me;
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
    for (;;) {
      const word = this.#mark(mine);
      if (word === TAKEN) return true;
      const left = deadline === Infinity ? SLICE_MS : deadline - agent.now();
      if (left <= 0) return false;
      if ((word & ~BITS) === this.#me) {
        throw new DeadlockError(
          `Cannot acquire ${this.#kind} as this thread already holds it: blocking would never end; release it first, or use acquireAsync()`,
        );
      }
      if (this.#sleep(word, left < SLICE_MS ? left : SLICE_MS) === "timed-out") agent.checkpoint();
      // From here on others may be asleep that only we know of.
      mine = this.#me | CONTENDED;
    }
  }

  #sleep(word: number, timeout: number): string {
    try {
      return this.#memory.waiter.wait(this.#words, this.#at, word, timeout);
    } catch (cause) {
      throw new TypeError(`Cannot block in ${this.#kind}.acquire() on this thread: await acquireAsync() instead`, { cause });
    }
  }

  /** Waits without blocking until `take` succeeds; `take` calls {@linkcode Mutex.attempt}. */
  lockAsync(take: () => boolean, timeout: number, signal: AbortSignalLike | undefined): Promise<boolean> {
    return waitInLine(this.#memory, this.#line, take, timeout, signal);
  }

  /** One try of an async waiter: takes the lock, or marks it so that its release wakes a waiter. */
  attempt(): boolean {
    return this.#mark(this.#me | CONTENDED) === TAKEN;
  }

  /** Gives the lock back. Throws `LockStateError` unless this thread holds it. */
  unlock(): void {
    if (Atomics.compareExchange(this.#words, this.#at, this.#me, FREE) !== this.#me) this.#unlockSlow();
  }

  #unlockSlow(): void {
    const contended = this.#me | CONTENDED;
    const word = Atomics.compareExchange(this.#words, this.#at, contended, FREE);
    if (word !== contended) throw this.stateError("release", word);
    this.#wake(1);
  }

  /** Takes over a lock whose owner died. Returns false if there is nothing to recover. */
  recover(): boolean {
    for (;;) {
      const word = Atomics.load(this.#words, this.#at);
      if (word === FREE || ((word & ABANDONED) === 0 && this.#alive(word))) return false;
      if (this.#inherit(word)) return true;
    }
  }

  stateError(action: string, word: number = Atomics.load(this.#words, this.#at)): LockStateError {
    let reason: string;
    if (word === FREE) reason = "it is not held";
    else if ((word & ~BITS) === this.#me) reason = "this thread was reported dead while it held it";
    else reason = `another thread holds it: ${name(word)}`;
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
        if (this.#inherit(word)) return TAKEN;
      } else if (Atomics.compareExchange(this.#words, this.#at, word, word | ABANDONED) === word) {
        // The sleepers would find out within a slice; there is no reason to let them wait.
        this.#wake(Infinity);
      }
    }
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
  #inherit(word: number): boolean {
    if (Atomics.compareExchange(this.#words, this.#at, word, this.#me | (word & CONTENDED)) !== word) return false;
    this.depth = 0;
    return true;
  }

  #wake(count: number): void {
    const { waiter } = this.#memory;
    waiter.notify(this.#words, this.#at, count);
    if (Atomics.load(this.#words, this.#line.waiters) === 0) return;
    Atomics.add(this.#words, this.#line.sequence, 1);
    waiter.notify(this.#words, this.#line.sequence, count);
  }

  #alive(word: number): boolean {
    const { slot, generation } = ownerOf(word);
    return this.#memory.roster.alive(slot, generation);
  }

  #abandoned(word: number): AbandonedLockError {
    return new AbandonedLockError(
      `Cannot acquire ${this.#kind} as its owner died while holding it: ${name(word)}; check what it protects, then call recover()`,
    );
  }
}

function ownerOf(word: number): Owner {
  return { slot: (word >>> SLOT_SHIFT) & ((1 << SLOT_BITS) - 1), generation: (word >>> GENERATION_SHIFT) & ((1 << GENERATION_BITS) - 1) };
}

function name(word: number): string {
  const { slot, generation } = ownerOf(word);
  return `thread ${slot}/${generation}`;
}
