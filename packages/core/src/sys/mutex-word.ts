/**
 * The words of a mutex.
 *
 * | word           | name      | meaning                                                                       |
 * | -------------- | --------- | ----------------------------------------------------------------------------- |
 * | 0              | FREE      | nobody holds it                                                               |
 * | owner          | HELD      | held, nobody waits                                                            |
 * | owner + bit 0  | CONTENDED | held, and somebody waits or is about to                                       |
 * | owner + bit 1  | ABANDONED | the owner died and somebody noticed; stays so until recovered (bit 0 is kept) |
 *
 * `owner` is slot << 2 | generation << 12; a living generation is odd, so an owner is never 0.
 *
 * @module
 */
import { LINE } from "../memory.ts";
import { GENERATION_BITS, SLOT_BITS } from "../roster.ts";

export const FREE = 0;
export const CONTENDED = 1;
export const ABANDONED = 2;
const SLOT_SHIFT = 2;
const GENERATION_SHIFT: number = SLOT_SHIFT + SLOT_BITS;
/** All that is not the owner. */
export const BITS: number = CONTENDED | ABANDONED;

/** The bytes of a mutex and what hangs on it: a cache line. */
export const MUTEX_BYTES: number = LINE;

// Words of the line, after the mutex itself.
/** 1 if a dead owner's lock goes to the next in line. */
export const MODE = 1;
/** What async waiters sleep on, and how many lines of them there are. */
export const SEQUENCE = 2;
export const LINES = 3;
/** How often an RLock's owner entered again. */
export const DEPTH = 4;
/** How many threads block here. For people only: a thread that dies stays counted. */
export const BLOCKED = 5;
/**
 * When a waiter first found it in the hands of this owner: milliseconds since 1970, in two halves; 0 if nobody waited. For people only:
 * of a waiter that was slow to write it, it may be the time of an owner before.
 */
export const SINCE = 6;

/** `"error"`: a dead owner's lock throws until recovered. `"release"`: it goes to the next in line. */
export type OnOwnerDeath = "error" | "release";

/** The thread that holds a lock. */
export interface Owner {
  readonly slot: number;
  readonly generation: number;
}

/** Makes a mutex of words that are zeroed and known to nobody else; `at` is the first. */
export function initMutex(words: Int32Array, at: number, onOwnerDeath: OnOwnerDeath): void {
  words[at + MODE] = onOwnerDeath === "release" ? 1 : 0;
}

/** The word of a mutex that somebody holds. */
export function wordOf({ slot, generation }: Owner): number {
  return (slot << SLOT_SHIFT) | (generation << GENERATION_SHIFT);
}

/** Who holds a mutex with this word. */
export function ownerOf(word: number): Owner {
  return { slot: (word >>> SLOT_SHIFT) & ((1 << SLOT_BITS) - 1), generation: (word >>> GENERATION_SHIFT) & ((1 << GENERATION_BITS) - 1) };
}
