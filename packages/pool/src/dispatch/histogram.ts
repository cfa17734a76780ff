/**
 * How long things took, in little memory: HDR histograms' idea of buckets that grow with what they count, so that each
 * percentile is known to a few per cent. The libraries that do this are far larger than these lines.
 *
 * @module
 */

/** Buckets for each doubling: percentiles are right to 1/16. */
const STEPS = 16;
/** The smallest time told from nothing, in milliseconds. */
const LEAST = 2 ** -20;
/** From a nanosecond to some weeks. */
const DOUBLINGS = 52;

/** Durations in milliseconds, as a summary; all zero if there were none. */
export interface HistogramSummary {
  /** How many there were. */
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Half of them were at most this long, to 1/16; and so on. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** Counts durations. */
export class Histogram {
  readonly #buckets = new Float64Array(STEPS * DOUBLINGS);
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = 0;

  /** The sum of all. */
  get sum(): number {
    return this.#sum;
  }

  /** Counts `count` durations of so many milliseconds each. */
  add(milliseconds: number, count: number = 1): void {
    this.#count += count;
    this.#sum += milliseconds * count;
    this.#min = Math.min(this.#min, milliseconds);
    this.#max = Math.max(this.#max, milliseconds);
    const bucket = Math.floor(Math.log2(Math.max(milliseconds, LEAST) / LEAST) * STEPS);
    const last = this.#buckets.length - 1;
    const at = Math.min(bucket, last);
    this.#buckets[at] = (this.#buckets[at] as number) + count;
  }

  /** What was counted so far; all zero if nothing was. */
  summary(): HistogramSummary {
    const count = this.#count;
    if (count === 0) return { count, min: 0, max: 0, mean: 0, p50: 0, p90: 0, p99: 0 };
    return {
      count,
      min: this.#min,
      max: this.#max,
      mean: this.#sum / count,
      p50: this.#percentile(0.5),
      p90: this.#percentile(0.9),
      p99: this.#percentile(0.99),
    };
  }

  #percentile(share: number): number {
    let left = share * this.#count;
    const bucket = this.#buckets.findIndex((count) => {
      left -= count;
      return left <= 0;
    });
    // The upper edge of the bucket, but never more than the largest.
    return Math.min(this.#max, LEAST * 2 ** ((bucket + 1) / STEPS));
  }
}
