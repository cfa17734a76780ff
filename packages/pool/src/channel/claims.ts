/**
 * Which calls of a batch the worker has begun, in shared memory, so that the parent can take back the rest.
 *
 * Each batch under way has a slot of three words. CLAIM counts in grains of calls, of which a batch has at most 32 767:
 * `grainOf` says how many calls are a grain.
 *
 * | word | bits | written by | means |
 * |---|---|---|---|
 * | CLAIM | 0 to 14: claimed | worker | the worker runs or ran the grains below this |
 * | CLAIM | 16 to 30: limit | parent | the worker must not run this grain, nor those after it |
 * | PROGRESS | all | worker | the calls from this on did not begin, although they may be claimed; all count as begun while their task is looked for |
 * | ABORTED | 0 or 1 | parent | whoever waits for the batch has given up |
 *
 * `claimed` only grows, `limit` only shrinks and never below `claimed`; both move by compare-exchange of the whole word,
 * so a call is either the worker's or the parent's. A slot is used again only after the worker has said that it is done
 * with the batch, or is dead. PROGRESS is a plain store: what the parent reads of a living worker is but a hint.
 *
 * @module
 */

const CLAIM = 0;
const PROGRESS = 1;
const ABORTED = 2;
const WORDS = 4;

const LIMIT_SHIFT = 16;
const COUNT_MASK = 0x7fff;

/** How many calls of a batch are claimed or taken back as one. */
export function grainOf(count: number): number {
  return Math.ceil(count / COUNT_MASK);
}

/** How many batches of one worker may be under way. */
export const SLOTS = 64;

/** The bytes that the claims of a worker take. */
export const CLAIMS_BYTES: number = SLOTS * WORDS * 4;

/** The index of a slot's CLAIM among the words. */
function claimAt(slot: number): number {
  return slot * WORDS + CLAIM;
}

/** The slots of one worker. */
export class Claims {
  /** For whoever advances PROGRESS call by call. */
  readonly words: Int32Array;

  constructor(buffer: SharedArrayBuffer, offset: number) {
    this.words = new Int32Array(buffer, offset, SLOTS * WORDS);
  }

  /** The index of a slot's PROGRESS among the words. */
  static progressAt(slot: number): number {
    return slot * WORDS + PROGRESS;
  }

  /** Parent: offers `count` calls. */
  offer(slot: number, count: number): void {
    const at = slot * WORDS;
    this.words[at + PROGRESS] = 0;
    Atomics.store(this.words, at + ABORTED, 0);
    Atomics.store(this.words, claimAt(slot), Math.ceil(count / grainOf(count)) << LIMIT_SHIFT);
  }

  /**
   * Parent: takes back what was not claimed.
   *
   * @param keep How many grains of that the worker keeps.
   * @returns The limit now, in grains; those from it on are the parent's again.
   */
  cut(slot: number, keep: number): number {
    const at = claimAt(slot);
    for (;;) {
      const word = Atomics.load(this.words, at);
      const claimed = word & COUNT_MASK;
      const limit = Math.min(word >>> LIMIT_SHIFT, claimed + keep);
      if (Atomics.compareExchange(this.words, at, word, (limit << LIMIT_SHIFT) | claimed) === word) return limit;
    }
  }

  /** Parent: how many grains are not claimed. */
  unclaimed(slot: number): number {
    const word = Atomics.load(this.words, claimAt(slot));
    return (word >>> LIMIT_SHIFT) - (word & COUNT_MASK);
  }

  /** Parent: whether nothing of the batch was claimed. */
  untouched(slot: number): boolean {
    return (Atomics.load(this.words, claimAt(slot)) & COUNT_MASK) === 0;
  }

  /** Parent: tells the worker that nobody waits any more. */
  abort(slot: number): void {
    Atomics.store(this.words, slot * WORDS + ABORTED, 1);
  }

  /** Parent: the first call that did not begin; of a living worker, at that time or before. */
  progress(slot: number): number {
    return this.words[Claims.progressAt(slot)] as number;
  }

  /** Worker: claims up to `most` grains; returns how many, 0 if none are left. */
  claim(slot: number, most: number): number {
    const at = claimAt(slot);
    for (;;) {
      const word = Atomics.load(this.words, at);
      const claims = Math.min(most, (word >>> LIMIT_SHIFT) - (word & COUNT_MASK));
      if (claims <= 0 || Atomics.compareExchange(this.words, at, word, word + claims) === word) return claims;
    }
  }

  /** Worker: whether whoever waits for the batch has given up. */
  aborted(slot: number): boolean {
    return Atomics.load(this.words, slot * WORDS + ABORTED) === 1;
  }
}
