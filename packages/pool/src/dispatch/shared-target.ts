/**
 * A map over one of core's arrays.
 *
 * @module
 */
import type { SharedArray } from "@interlock/core";
import type { Place } from "../batch.ts";
import type { Column } from "../channel/records.ts";
import type { Target } from "./target.ts";

/** Any of them. */
export type AnyArray = SharedArray<"float64">;

/** Each element is replaced. */
export class SharedTarget implements Target {
  readonly #array: AnyArray;
  readonly #inPlace: boolean;

  constructor(array: AnyArray, inPlace: boolean) {
    this.#array = array;
    this.#inPlace = inPlace;
  }

  get length(): number {
    return this.#array.length;
  }

  get placed(): boolean {
    return this.#inPlace;
  }

  items(from: number, to: number): Column {
    return this.#array.slice(from, to);
  }

  place(from: number): Place | undefined {
    return this.#inPlace ? { array: this.#array, from } : undefined;
  }

  keep(): void {}

  put(from: number, values: Column): Map<number, unknown> | undefined {
    let refused: Map<number, unknown> | undefined;
    for (let i = 0; i < values.length; i++) {
      try {
        this.#array.set(from + i, values[i] as never);
      } catch (error) {
        refused ??= new Map();
        refused.set(from + i, error);
      }
    }
    return refused;
  }

  result(): unknown {
    return this.#array;
  }
}
