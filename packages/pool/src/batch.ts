/**
 * What a backend is asked to run, and what came of it: plain data only.
 *
 * @module
 */
import type { TaskReference } from "./task.ts";
import type { ErrorData } from "./transport/error-data.ts";

/** Calls of one task, run one after the other. */
export interface Batch {
  readonly task: TaskReference;
  /** The arguments of each call. */
  readonly calls: readonly (readonly unknown[])[];
  /** The index of the first call among those of a `map`; absent if the call was made alone. */
  readonly first?: number | undefined;
}

/** What one call came to. */
export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ErrorData };

/** What the calls of a batch came to, in order. */
export type BatchResult = readonly Outcome[];
