/**
 * What each thread says that it holds, in one word: two bits for each, so that whoever looks sees all of them at one moment. Read
 * one after the other, what passes from a thread to a later one would be seen twice.
 *
 * @module
 */
import type { RawArray } from "@interlock/core";
import { MOST_THREADS } from "./board.ts";
import { createWords } from "./words.ts";

const BITS = 2;
const MASK = 0b11;

/** What was said before, and what all say now, by seat. */
interface Holdings {
  readonly before: number;
  readonly all: readonly number[];
}

/** The word, where it outlives those who write it: nobody holds anything. */
export function createHoldings(): RawArray<"int32"> {
  return createWords(1);
}

/** Says for a seat what it holds, from 0 to 3. Only its thread does that, and once that is dead the main thread. */
export function say(words: Int32Array, seat: number, what: number): Holdings {
  const shift = seat * BITS;
  for (;;) {
    const old = Atomics.load(words, 0);
    const now = (old & ~(MASK << shift)) | (what << shift);
    if (Atomics.compareExchange(words, 0, old, now) !== old) continue;
    const all = Array.from({ length: MOST_THREADS }, (_, i) => (now >>> (i * BITS)) & MASK);
    return { before: (old >>> shift) & MASK, all };
  }
}
