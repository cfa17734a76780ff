/**
 * Who reads under a read-write lock: one word for each slot of the roster, so that a reader that dies is known and its
 * share is dropped.
 *
 * | words of a slot | meaning                                                                       |
 * | --------------- | ----------------------------------------------------------------------------- |
 * | 0               | never read                                                                    |
 * | otherwise       | generation << 12 + how many read locks the thread of that generation holds     |
 *
 * A writer must know that nobody reads. 1024 slots are many to look at, so bits tell which were ever used: one in MAP for
 * each slot, one in SUMMARY for each word of MAP. A thread sets them once, after its word is no longer 0, and before it
 * looks for a writer; a writer that drops a dead reader's bit looks at the word once more, and sets the bit again if the
 * slot has a new owner. Slots that follow each other lie in different cache lines.
 *
 * @module
 */
import { LINE, type Place, wordsOf } from "../memory.ts";
import { SLOTS } from "../roster.ts";

const SUMMARY = 0;
const MAP: number = LINE / 4;
const COUNTS: number = MAP + SLOTS / 32;

/** The bytes of the registry. */
export const READERS_BYTES: number = (COUNTS + SLOTS) * 4;

const GENERATION_SHIFT = 12;
const COUNT: number = (1 << GENERATION_SHIFT) - 1;

/** The most read locks that one thread can hold at once. */
export const MOST_READS: number = COUNT;

/** The registry over its words. */
export class Readers {
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #mine: number;
  readonly #slot: number;
  /** This thread's word when it holds nothing. */
  readonly #none: number;
  readonly #alive: (slot: number, generation: number) => boolean;
  /** Whether this thread has set its bits. */
  #known = false;

  constructor({ memory, offset }: Place) {
    this.#words = wordsOf(memory);
    this.#at = offset >>> 2;
    this.#slot = memory.agent.slot;
    this.#mine = this.#countAt(this.#slot);
    this.#none = memory.agent.generation << GENERATION_SHIFT;
    this.#alive = (slot, generation) => memory.roster.alive(slot, generation);
  }

  /** How many read locks this thread holds. */
  get own(): number {
    const word = Atomics.load(this.#words, this.#mine);
    return (word & ~COUNT) === this.#none ? word & COUNT : 0;
  }

  /** Counts one more read lock of this thread, which holds `own`. Returns false if that is too many. */
  add(own: number): boolean {
    if (own === MOST_READS) return false;
    // Nobody else writes this word while this thread lives.
    Atomics.store(this.#words, this.#mine, this.#none | (own + 1));
    if (!this.#known) {
      Atomics.or(this.#words, this.#at + MAP + (this.#slot >> 5), 1 << (this.#slot & 31));
      Atomics.or(this.#words, this.#at + SUMMARY, 1 << (this.#slot >> 5));
      this.#known = true;
    }
    return true;
  }

  /** Takes one back. Returns how many are left; -1 if there was none. */
  remove(): number {
    const word = Atomics.load(this.#words, this.#mine);
    if ((word & ~COUNT) !== this.#none || (word & COUNT) === 0) return -1;
    // Fails only if this thread was reported dead meanwhile.
    return Atomics.compareExchange(this.#words, this.#mine, word, word - 1) === word ? (word & COUNT) - 1 : -1;
  }

  /** Whether any living thread reads. */
  any(): boolean {
    for (let summary = Atomics.load(this.#words, this.#at + SUMMARY); summary !== 0; summary &= summary - 1) {
      const index = lowestBit(summary);
      for (let map = Atomics.load(this.#words, this.#at + MAP + index); map !== 0; map &= map - 1) {
        if (this.#reads(index * 32 + lowestBit(map))) return true;
      }
    }
    return false;
  }

  /** As {@linkcode Readers.any}, and forgets the dead. Only for whoever keeps new readers out. */
  sweep(): boolean {
    let found = false;
    for (let summary = Atomics.load(this.#words, this.#at + SUMMARY); summary !== 0; summary &= summary - 1) {
      const index = lowestBit(summary);
      for (let map = Atomics.load(this.#words, this.#at + MAP + index); map !== 0; map &= map - 1) {
        const slot = index * 32 + lowestBit(map);
        if (this.#reads(slot)) found = true;
        else this.#forget(slot);
      }
    }
    return found;
  }

  #reads(slot: number): boolean {
    const word = Atomics.load(this.#words, this.#countAt(slot));
    return (word & COUNT) !== 0 && this.#alive(slot, word >>> GENERATION_SHIFT);
  }

  /** Drops the word and the bit of a thread that is dead. */
  #forget(slot: number): void {
    const at = this.#countAt(slot);
    const word = Atomics.load(this.#words, at);
    if (this.#alive(slot, word >>> GENERATION_SHIFT)) return;
    Atomics.compareExchange(this.#words, at, word, 0);
    const bit = 1 << (slot & 31);
    const map = this.#at + MAP + (slot >> 5);
    Atomics.and(this.#words, map, ~bit);
    // A new thread may have the slot, and have counted itself before the bit was dropped.
    if (Atomics.load(this.#words, at) !== 0) Atomics.or(this.#words, map, bit);
  }

  #countAt(slot: number): number {
    // Slot 0, 1, 2, ... lie a cache line apart.
    return this.#at + COUNTS + ((slot & 63) << 4) + (slot >> 6);
  }
}

function lowestBit(bits: number): number {
  return 31 - Math.clz32(bits & -bits);
}
