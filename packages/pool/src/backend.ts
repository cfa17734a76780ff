/**
 * Where batches run: the seam between a pool and its workers.
 *
 * @module
 */
import type { Batch, BatchResult } from "./batch.ts";

/** What may end a batch early. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** What is moved instead of cloned. */
  readonly transfer?: readonly unknown[] | undefined;
}

/** Threads, processes, or something of yours. */
export interface Backend {
  readonly name: string;
  /** Whether objects in memory that only threads share may travel. */
  readonly sharesMemory: boolean;
  /** How many batches make progress at once; the pool never has more under way. */
  readonly slots: number;
  /**
   * Runs one batch. MUST settle exactly once whatever dies; MUST reject with `signal.reason` on abort, once the slot is
   * free again: the caller was told at once.
   */
  run(batch: Batch, options?: RunOptions): Promise<BatchResult>;
  /** Ends all workers. MUST reject what is under way. */
  [Symbol.asyncDispose](): Promise<void>;
}
