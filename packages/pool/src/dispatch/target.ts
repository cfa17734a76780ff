/**
 * Where the items of a `map` come from, and where its results go: an array, a typed array, or a shared array in place.
 *
 * @module
 */
import { isShareable } from "@interlock/core/base";
import type { Backend } from "../backend.ts";
import type { Place } from "../batch.ts";
import { type Column, isTypedArray } from "../channel/records.ts";
import { ListTarget } from "./list-target.ts";
import { type AnyArray, SharedTarget } from "./shared-target.ts";
import type { Spare } from "./spare.ts";
import { TypedTarget } from "./typed-target.ts";

/** The input and output of a map. */
export interface Target {
  readonly length: number;
  /** Whether workers find items by themselves. */
  readonly placed: boolean;
  /** The items from one index to another. */
  items(from: number, to: number): Column;
  /** Where workers find these items by themselves; undefined if they cannot. */
  place(from: number, to: number): Place | undefined;
  /** Keeps results; returns the errors of those that do not fit, by index. */
  put(from: number, values: Column): Map<number, unknown> | undefined;
  /** Keeps results that workers left in the place. */
  keep(from: number, count: number): void;
  /** Everything, once every call has succeeded. */
  result(): unknown;
}

/** Core's arrays, by kind: to name their classes here would load them. */
const ARRAYS: ReadonlySet<string> = new Set(["SharedArray", "RawArray"]);

/** The target for an input, which depends on what workers share with this thread. */
export function targetOf(input: Iterable<unknown>, { mapsInPlace = false, sharesMemory }: Pick<Backend, "mapsInPlace" | "sharesMemory">, spare: Spare): Target {
  const inPlace = mapsInPlace && sharesMemory;
  if (isShareable(input) && ARRAYS.has(input.handle.kind)) {
    return new SharedTarget(input as unknown as AnyArray, inPlace || (mapsInPlace && input.memory.crossProcess));
  }
  if (isTypedArray(input)) return new TypedTarget(input, inPlace, spare);
  return new ListTarget(Array.isArray(input) ? input : [...input], inPlace, spare);
}
