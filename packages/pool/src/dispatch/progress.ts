/**
 * How far a `map` has come.
 *
 * @module
 */

/** How far a `map` has come, in items. */
export interface ProgressReport {
  /** How many are done, whatever came of them. */
  readonly done: number;
  /** `Infinity` where nobody knows, as for the items of a generator. */
  readonly total: number;
  /** Items per second so far. */
  readonly rate: number;
  /** Seconds that the rest will take at this rate. */
  readonly eta: number;
}

/** No two reports come closer together than this, but for the last. */
const INTERVAL_MS = 50;

/** Counts items and reports now and then. */
export class Progress {
  readonly #total: number;
  readonly #report: ((report: ProgressReport) => void) | undefined;
  readonly #started = performance.now();
  #done = 0;
  #last = 0;

  constructor(total: number, report: ((report: ProgressReport) => void) | undefined) {
    this.#total = total;
    this.#report = report;
  }

  /** Counts items that are done. */
  add(items: number): void {
    this.#done += items;
    const now = performance.now();
    if (this.#done === this.#total || now - this.#last < INTERVAL_MS) return;
    this.#last = now;
    this.#send(now);
  }

  /** Reports the end. */
  end(): void {
    this.#send(performance.now());
  }

  #send(now: number): void {
    const rate = this.#done / Math.max((now - this.#started) / 1000, 1e-6);
    this.#report?.({ done: this.#done, total: this.#total, rate, eta: rate === 0 ? Infinity : (this.#total - this.#done) / rate });
  }
}
