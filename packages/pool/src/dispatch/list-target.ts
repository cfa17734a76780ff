/**
 * A map over an array.
 *
 * @module
 */
import type { Place } from "../batch.ts";
import type { Column } from "../channel/records.ts";
import { runtime } from "../runtime/select.ts";
import { MANY } from "./in-place.ts";
import type { Spare } from "./spare.ts";
import type { Target } from "./target.ts";

/** Results go into an array of their own. */
export class ListTarget implements Target {
  readonly #input: readonly unknown[];
  readonly #output: unknown[];
  /** Numbers on their way to workers and back. */
  readonly #numbers: Float64Array | undefined;
  readonly #spare: Spare;
  #placed: boolean;

  /** @param spare Where the memory comes from that workers share, and goes to. */
  constructor(input: readonly unknown[], inPlace: boolean, spare: Spare) {
    this.#input = input;
    this.#spare = spare;
    this.#placed = inPlace && input.length >= MANY && typeof input[0] === "number";
    if (this.#placed) this.#numbers = spare.take(Float64Array, input.length);
    this.#output = this.#placed ? runtime().doubles(input.length) : new Array(input.length);
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
    if (this.#numbers !== undefined) this.#spare.giveBack(this.#numbers);
    return this.#output;
  }
}
