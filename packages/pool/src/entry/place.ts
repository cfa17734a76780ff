/**
 * Where a batch finds its items and leaves its results, if that is in shared memory.
 *
 * @module
 */
import type { RawArray, SharedArray } from "@interlock/core";
import { type TypedArray, type ViewData, viewOf } from "../channel/records.ts";

/** Typed arrays, and the index of the batch's first element. */
export interface Numbers {
  readonly input: TypedArray;
  readonly output: TypedArray;
  readonly from: number;
}

/** Elements, numbered from 0 within the batch. */
export interface Elements {
  get(i: number): unknown;
  set(i: number, value: unknown): void;
}

type AnyArray = SharedArray<"float64"> | RawArray<"float64">;

/** What a place is to a worker: numbers if any number fits there, else elements. */
export function openPlace(place: unknown): { readonly numbers?: Numbers; readonly elements?: Elements } {
  const { array, from, input, output } = place as { array?: AnyArray; from: number; input: ViewData; output: ViewData };
  if (array === undefined) return { numbers: { input: viewOf(input), output: viewOf(output), from } };
  const { type } = array;
  // Nothing that a number can be is refused by these types, so their memory may be written as it is.
  if (type === "float64" || type === "float32") return { numbers: { input: array.view, output: array.view, from } };
  const set = (i: number, value: unknown): void => {
    // A task may change a live record and return nothing.
    if (value !== undefined || typeof type === "string") array.set(from + i, value as never);
  };
  return { elements: { get: (i) => array.get(from + i), set } };
}
