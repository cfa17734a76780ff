/**
 * What a backend is asked to run, and what came of it.
 *
 * @module
 */
import type { Shareable } from "@interlock/core";
import type { Column, TypedArray } from "./channel/records.ts";
import type { TaskReference } from "./task.ts";
import type { ErrorData } from "./transport/error-data.ts";

/** Where workers find items, and leave results, by themselves: in memory that they share. */
export type Place =
  /** Elements of a shared array are replaced by what the task makes of them. */
  | { readonly array: Shareable; readonly from: number }
  /** Typed arrays over shared memory, which may be the same. */
  | { readonly input: TypedArray; readonly output: TypedArray; readonly from: number };

/** Calls of one task. */
export interface Batch {
  readonly task: TaskReference;
  /** How many calls. */
  readonly count: number;
  /** For each call a list of arguments if `spread`, else the only argument. Empty if there is a `place`. */
  readonly items: Column;
  readonly spread: boolean;
  /** Whether somebody waits for each call, rather than for all of them. */
  readonly eager: boolean;
  /** The index of the first call among those of a `map`; absent if the calls were made one by one. */
  readonly first?: number | undefined;
  /** Only for backends that map in place. */
  readonly place?: Place | undefined;
}

/** What one call came to. */
export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ErrorData };

/** What the calls of a batch came to, in order. */
export type BatchResult = readonly Outcome[];
