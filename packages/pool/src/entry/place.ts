/**
 * Where a batch finds its items and leaves its results, if that is in shared memory.
 *
 * @module
 */
import type { RawArray, SharedArray } from "@interlock/core";
import { type TypedArray, type ViewData, viewOf } from "../channel/records.ts";

/** The numbers of a batch, and no others. */
export interface Numbers {
  readonly input: TypedArray;
  /** The same object if results take the place of their items: of a loop over one array engines make more. */
  readonly output: TypedArray;
}

/** Elements, numbered from 0 within the batch. */
export interface Elements {
  get(i: number): unknown;
  set(i: number, value: unknown): void;
}

type AnyArray = SharedArray<"float64"> | RawArray<"float64">;

/**
 * What a place is to a worker: numbers if any number fits there, else elements.
 *
 * @param count How many calls the batch has.
 */
export function openPlace(place: unknown, count: number): { readonly numbers?: Numbers; readonly elements?: Elements } {
  // Without an input of its own, results take the place of the items.
  const { array, from, input, output } = place as { array?: AnyArray; from: number; input?: ViewData; output: ViewData };
  const cut = (whole: TypedArray): TypedArray => whole.subarray(from, from + count);
  if (array === undefined) {
    const numbers = cut(viewOf(output));
    return { numbers: { input: input === undefined ? numbers : cut(viewOf(input)), output: numbers } };
  }
  const { type } = array;
  // Nothing that a number can be is refused by these types, so their memory may be written as it is.
  if (type === "float64" || type === "float32") {
    const numbers = cut(array.view);
    return { numbers: { input: numbers, output: numbers } };
  }
  const set = (i: number, value: unknown): void => {
    // A task may change a live record and return nothing.
    if (value !== undefined || typeof type === "string") array.set(from + i, value as never);
  };
  return { elements: { get: (i) => array.get(from + i), set } };
}
