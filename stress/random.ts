/**
 * A small reproducible generator. Source: George Marsaglia, "Xorshift RNGs" (2003).
 *
 * @module
 */
export class Random {
  #state: number;

  /** @param seeds What distinguishes this stream: the program's seed, the thread, the lane. */
  constructor(...seeds: readonly number[]) {
    // Neighbouring seeds must not begin alike, and 0 would stay 0.
    this.#state = seeds.reduce((state, seed) => mix(state ^ (seed | 0)), 0x9e3779b1) || 1;
  }

  /** At least 0 and below 1. */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) / 2 ** 32;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** true in that share of cases. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  /** Milliseconds to wait: now and then none, or less than a clock tick; at most 4. */
  timeout(): number {
    return this.pick([0, 0.05, this.next(), this.next(), this.next() * 4]);
  }
}

/** Source: the finaliser of Austin Appleby's MurmurHash3. */
function mix(bits: number): number {
  let hash = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
