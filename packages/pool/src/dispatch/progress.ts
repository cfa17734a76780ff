/**
 * How far a `map` has come.
 *
 * @module
 */

/** How far a `map` has come, in items. */
export interface ProgressReport {
  /** How many are done, whatever came of them. */
  readonly done: number;
  /** How many of those failed. */
  readonly failed: number;
  /** How many there are; undefined while nobody knows, as for a generator that has not ended. */
  readonly total: number | undefined;
  /** Items per second so far. */
  readonly rate: number;
  /** Seconds that the rest will take at this rate; undefined while nobody knows. */
  readonly eta: number | undefined;
  /** Whether this is the last report: nothing is left to do, or nobody waits for it any more. */
  readonly ended: boolean;
}

/** No two reports come closer together than this, but for the last. */
const INTERVAL_MS = 50;

/** Counts items and reports now and then. */
export class Progress {
  #total: number | undefined;
  #report: ((report: ProgressReport) => void) | undefined;
  #begun: number | undefined;
  #last = 0;
  #done = 0;
  #failed = 0;

  constructor(total: number | undefined, report: ((report: ProgressReport) => void) | undefined) {
    this.#total = total;
    this.#report = report;
  }

  /** Reports that nothing is done yet, if this is the first call. */
  begin(): void {
    if (this.#begun !== undefined) return;
    this.#begun = this.#last = performance.now();
    this.#send(this.#begun, false);
  }

  /** How many items there are, now that somebody knows. */
  expect(total: number): void {
    this.#total = total;
  }

  /** Counts items that are done, and reports unless it did so a moment ago. */
  add(items: number, failed: number = 0): void {
    this.count(items, failed);
    if (this.#report === undefined || this.#done === this.#total) return;
    const now = performance.now();
    if (now - this.#last < INTERVAL_MS) return;
    this.#last = now;
    this.#send(now, false);
  }

  /** Counts items that are done. */
  count(items: number, failed: number): void {
    this.#done += items;
    this.#failed += failed;
  }

  /** Reports the end, once. */
  end(): void {
    this.#send(performance.now(), true);
  }

  /** Reports the end of what has failed: what the listener throws is nothing beside that. */
  fail(): void {
    try {
      this.end();
    } catch {}
  }

  #send(now: number, ended: boolean): void {
    const report = this.#report;
    if (report === undefined) return;
    if (ended) this.#report = undefined;
    const [done, failed] = [this.#done, this.#failed];
    // An iterable may give more than its length promised.
    const total = this.#total !== undefined && this.#total >= done ? this.#total : undefined;
    const rate = done / Math.max((now - (this.#begun ?? now)) / 1000, 1e-6);
    const eta = total === undefined ? undefined : done === total ? 0 : rate === 0 ? undefined : (total - done) / rate;
    try {
      report({ done, failed, total, rate, eta, ended });
    } catch (error) {
      // It is not called again, not even with the end that its error brings.
      this.#report = undefined;
      throw error;
    }
  }
}
