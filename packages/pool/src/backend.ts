/**
 * Where batches run: the seam between a pool and its workers.
 *
 * @module
 */
import type { Batch, BatchResult } from "./batch.ts";
import type { Column } from "./channel/records.ts";

/** What may end a batch early, and how it travels. */
export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  /** What is moved instead of cloned. */
  readonly transfer?: readonly unknown[] | undefined;
  /** Milliseconds that a call may run, from its beginning; such a batch has one call. */
  readonly timeout?: number | undefined;
}

/** Is told what becomes of the calls of a batch, each of which it hears of once. */
export interface BatchListener {
  /** The results of calls. */
  values(from: number, values: Column): void;
  /** As `values`, of calls whose results are in their place already. */
  stored(from: number, count: number): void;
  /** A call threw this, or was lost. */
  failed(at: number, error: unknown): void;
  /** Calls did not begin: run them elsewhere. */
  returned(from: number, to: number): void;
  /** A running call reports on itself. Not the end of it. */
  report(at: number, value: unknown): void;
  /** How long each of some calls took, in milliseconds. Not the end of them. */
  took(count: number, milliseconds: number): void;
}

/** Threads, processes, or something of yours. */
export interface Backend {
  readonly name: string;
  /** Whether objects in memory that only threads share may travel. */
  readonly sharesMemory: boolean;
  /** How many batches make progress at once. */
  readonly slots: number;
  /** How many batches it takes for each slot, beside the one that runs there, so that no slot waits for its next; 0 if absent. */
  readonly ahead?: number;
  /** Whether calls that wait behind others in a slot come back when another slot has nothing to do; false if absent. */
  readonly returns?: boolean;
  /** The most calls that the next batch may have; any number if absent. */
  readonly mostCalls?: number;
  /**
   * Whether batches may have a `place`, in memory that workers share with this thread; false if absent. Once all calls of a map were told
   * of, no worker may touch its place: another map may have it.
   */
  readonly mapsInPlace?: boolean;
  /**
   * Runs one batch. MUST settle exactly once whatever dies; MUST reject with `signal.reason` on abort, once the slot is
   * free again: the caller was told at once.
   *
   * @param listener Told of calls as they end, if the backend can. Then the promise resolves with undefined, after the last.
   * @returns Else, what all calls came to.
   */
  run(batch: Batch, options: RunOptions, listener: BatchListener): Promise<BatchResult | undefined>;
  /** Takes calls that have not begun back from a busy slot, if that pays, and returns them to their listeners. */
  rebalance?(): void;
  /** What `stats()` of a pool says of its workers. */
  readonly counts?: { readonly workers: number; readonly busy: number; readonly lost: number };
  /** Ends all workers. MUST reject what is under way. */
  [Symbol.asyncDispose](): Promise<void>;
}
