/**
 * Where the items of a `map` come from, and where its results go: an array, a typed array, or a shared array in place.
 *
 * @module
 */
import type { SharedArray } from "@interlock/core";
import { isShareable } from "@interlock/core/base";
import type { Backend } from "../backend.ts";
import type { Place } from "../batch.ts";
import { type Column, isTypedArray, type TypedArray } from "../channel/records.ts";
import { describe } from "../describe.ts";

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
  result(): unknown;
}

/** Core's arrays, by kind: to name their classes here would load them. */
const ARRAYS: ReadonlySet<string> = new Set(["SharedArray", "RawArray"]);

/** The target for an input, which depends on what workers share with this thread. */
export function targetOf(input: Iterable<unknown>, { mapsInPlace = false, sharesMemory }: Pick<Backend, "mapsInPlace" | "sharesMemory">): Target {
  const inPlace = mapsInPlace && sharesMemory;
  if (isShareable(input) && ARRAYS.has(input.handle.kind)) {
    return new SharedTarget(input as unknown as AnyArray, inPlace || (mapsInPlace && input.memory.crossProcess));
  }
  if (isTypedArray(input)) return new TypedTarget(input, inPlace);
  return new ListTarget(Array.isArray(input) ? input : [...input], inPlace);
}

/** From so many numbers on, they are put where workers find them, in pieces that no ring could hold. */
const MANY = 4096;

class ListTarget implements Target {
  readonly #input: readonly unknown[];
  readonly #output: unknown[];
  /** Numbers on their way to workers and back. */
  readonly #numbers: Float64Array | undefined;
  #placed: boolean;

  constructor(input: readonly unknown[], inPlace: boolean) {
    this.#input = input;
    this.#output = new Array(input.length);
    if (inPlace && input.length >= MANY && typeof input[0] === "number") this.#numbers = shared(Float64Array, input.length);
    this.#placed = this.#numbers !== undefined;
  }

  get length(): number {
    return this.#output.length;
  }

  get placed(): boolean {
    return this.#placed;
  }

  items(from: number, to: number): Column {
    return this.#input.slice(from, to);
  }

  place(from: number, to: number): Place | undefined {
    const numbers = this.#numbers;
    if (numbers === undefined || !this.#placed) return undefined;
    const input = this.#input;
    for (let i = from; i < to; i++) {
      const item = input[i];
      if (typeof item !== "number") {
        // From now on nothing is placed; what was is still on its way.
        this.#placed = false;
        return undefined;
      }
      numbers[i] = item;
    }
    return { input: numbers, output: numbers, from };
  }

  put(from: number, values: Column): undefined {
    const output = this.#output;
    for (let i = 0; i < values.length; i++) output[from + i] = values[i];
  }

  keep(from: number, count: number): void {
    const output = this.#output;
    const numbers = this.#numbers as Float64Array;
    for (let i = from; i < from + count; i++) output[i] = numbers[i];
  }

  result(): unknown {
    return this.#output;
  }
}

/** A typed array over shared memory. */
function shared<T extends TypedArray>(Type: { new (memory: SharedArrayBuffer): T; readonly BYTES_PER_ELEMENT: number }, length: number): T {
  return new Type(new SharedArrayBuffer(length * Type.BYTES_PER_ELEMENT));
}

type Writable = Record<number, unknown>;

type TypedArrayClass = { new (length: number): TypedArray; new (memory: SharedArrayBuffer): TypedArray; readonly BYTES_PER_ELEMENT: number };

class TypedTarget implements Target {
  readonly #input: TypedArray;
  readonly #output: TypedArray;
  readonly #type: "number" | "bigint";
  readonly #isShared: boolean;
  /** Where workers find the items, and leave results. */
  readonly #place: { readonly input: TypedArray; readonly output: TypedArray } | undefined;

  constructor(input: TypedArray, inPlace: boolean) {
    const Type = input.constructor as unknown as TypedArrayClass;
    const isShared = !(input.buffer instanceof ArrayBuffer);
    this.#input = input;
    this.#isShared = isShared;
    this.#type = input instanceof BigInt64Array || input instanceof BigUint64Array ? "bigint" : "number";
    if (inPlace && (isShared || input.length >= MANY)) {
      const output = shared(Type, input.length);
      this.#place = { input: isShared ? input : output, output };
    }
    // Whoever gives shared memory gets shared memory.
    this.#output = isShared ? (this.#place?.output ?? shared(Type, input.length)) : new Type(input.length);
  }

  get length(): number {
    return this.#input.length;
  }

  get placed(): boolean {
    return this.#place !== undefined;
  }

  items(from: number, to: number): Column {
    // Shared memory does not travel: a slice is a copy without.
    return this.#isShared ? this.#input.slice(from, to) : this.#input.subarray(from, to);
  }

  place(from: number, to: number): Place | undefined {
    if (this.#place === undefined) return undefined;
    const { input } = this.#place;
    if (input !== this.#input) copy(this.#input, input, from, to);
    return { ...this.#place, from };
  }

  keep(from: number, count: number): void {
    const { output } = this.#place as { readonly output: TypedArray };
    if (output !== this.#output) copy(output, this.#output, from, from + count);
  }

  put(from: number, values: Column): Map<number, unknown> | undefined {
    if (isTypedArray(values) && values.constructor === this.#output.constructor) {
      (this.#output as Float64Array).set(values as Float64Array, from);
      return undefined;
    }
    let refused: Map<number, unknown> | undefined;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (typeof value === this.#type) (this.#output as Writable)[from + i] = value;
      else {
        refused ??= new Map();
        refused.set(from + i, this.#refusal(from + i, value));
      }
    }
    return refused;
  }

  result(): unknown {
    return this.#output;
  }

  #refusal(index: number, value: unknown): TypeError {
    const type = this.#output.constructor.name;
    return new TypeError(
      `Cannot put the result of items[${index}] into a ${type} as it must be a ${this.#type}: received ${describe(value)}; map over an array to get any results`,
    );
  }
}

function copy(source: TypedArray, target: TypedArray, from: number, to: number): void {
  (target as Float64Array).set((source as Float64Array).subarray(from, to), from);
}

type AnyArray = SharedArray<"float64">;

class SharedTarget implements Target {
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
