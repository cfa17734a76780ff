/**
 * Calls that wait to be sent, and calls that are on their way.
 *
 * @module
 */
import type { Batch } from "../batch.ts";
import type { Column } from "../channel/records.ts";
import type { TaskReference } from "../task.ts";

/** How the calls of a job are run. */
export interface JobOptions {
  readonly signal?: AbortSignal | undefined;
  readonly transfer?: readonly unknown[] | undefined;
  /** Milliseconds that a call may run. */
  readonly timeout?: number | undefined;
}

/** Calls of one task that wait. */
export interface Job {
  readonly task: TaskReference;
  readonly options: JobOptions;
  /** How many of its calls travel together, if the caller decided. */
  readonly chunkSize: number | undefined;
  /** The most of its calls that may travel together. */
  readonly most: number;
  /** How many of its calls wait. */
  readonly waiting: number;
  /** When it was given. */
  readonly since: number;
  /** Takes the next calls from it, at most so many. */
  take(most: number): Part;
  /** Ends all that waits. */
  giveUp(reason: unknown): void;
}

/** Calls on their way. */
export interface Part {
  readonly batch: Batch;
  /** What of it is moved. */
  readonly transfer: readonly unknown[] | undefined;
  values(from: number, values: Column): void;
  stored(from: number, count: number): void;
  failed(at: number, error: unknown): void;
  report(at: number, value: unknown): void;
  /** Ends all that is not settled. */
  giveUp(reason: unknown): void;
  /** Makes a job of calls that did not begin; undefined if nobody waits for them any more. */
  again(from: number, to: number): Job | undefined;
}
