/**
 * What a pool has done so far.
 *
 * @module
 */
import { Histogram, type HistogramSummary } from "./histogram.ts";

/** What a pool has done so far, and does now. Times are in milliseconds. */
export interface PoolStats {
  /** Workers that live. */
  readonly workers: number;
  /** Those that have something to do. */
  readonly busy: number;
  /** Workers that ended by themselves, or had to be ended for a call that did not settle after its abort. */
  readonly lost: number;
  /** Calls that wait to be sent. */
  readonly waiting: number;
  /** Batches of calls that are with a worker. */
  readonly running: number;
  /** Calls that returned. */
  readonly completed: number;
  /** Calls that threw, were lost, or ran out of time. */
  readonly failed: number;
  /** How long calls ran. Calls that travelled together count with their mean. */
  readonly run: HistogramSummary;
  /** How long calls waited before they were sent to a worker. */
  readonly wait: HistogramSummary;
  /** The share of the workers' time since the pool was made in which they ran calls. */
  readonly utilization: number;
}

/** Counts what a pool does. */
export class Statistics {
  readonly run: Histogram = new Histogram();
  readonly wait: Histogram = new Histogram();
  completed = 0;
  failed = 0;
  readonly #started = performance.now();

  /** @param slots Between how many the work was divided. */
  utilization(slots: number): number {
    return Math.min(1, this.run.sum / Math.max(1e-6, slots * (performance.now() - this.#started)));
  }
}
