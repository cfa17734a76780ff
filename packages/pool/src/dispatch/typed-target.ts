/**
 * A map over a typed array.
 *
 * @module
 */
import type { Place } from "../batch.ts";
import { type Column, isTypedArray, type TypedArray, typeOf } from "../channel/records.ts";
import { describe } from "../describe.ts";
import { MANY, shared } from "./in-place.ts";
import type { Spare } from "./spare.ts";
import type { Target } from "./target.ts";

type Writable = Record<number, unknown>;

type TypedArrayClass = {
  new (length: number): TypedArray;
  new (memory: SharedArrayBuffer, offset?: number, length?: number): TypedArray;
  readonly BYTES_PER_ELEMENT: number;
};

/** Results go into a typed array of the same kind. */
export class TypedTarget implements Target {
  readonly #input: TypedArray;
  readonly #output: TypedArray;
  readonly #type: "number" | "bigint";
  readonly #isShared: boolean;
  readonly #spare: Spare;
  /** Where workers find the items, and leave results. */
  readonly #place: { readonly input: TypedArray; readonly output: TypedArray } | undefined;

  /** @param spare Where the memory comes from that workers share, and goes to, unless it is the result. */
  constructor(input: TypedArray, inPlace: boolean, spare: Spare) {
    const Type = input.constructor as unknown as TypedArrayClass;
    // By name: an array may be of another realm, such as a test runner's.
    const isShared = input.buffer[Symbol.toStringTag] === "SharedArrayBuffer";
    this.#input = input;
    this.#isShared = isShared;
    this.#spare = spare;
    this.#type = input instanceof BigInt64Array || input instanceof BigUint64Array ? "bigint" : "number";
    if (inPlace && typeOf(input) >= 0 && (isShared || input.length >= MANY)) {
      const output = isShared ? shared(Type, input.length) : spare.take(Type, input.length);
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
    if (this.#place !== undefined && !this.#isShared) this.#spare.giveBack(this.#place.output);
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
