/**
 * The innermost loops of a worker: calls that follow each other and end at once. In functions of their own, so that the
 * engine makes the best of each.
 *
 * PROGRESS, of which `claims` tells, is stored before each call: it also says which call threw.
 *
 * @module
 */
import type { Column, TypedArray } from "../channel/records.ts";

/** A task's function. */
export type AnyFunction = (...args: unknown[]) => unknown;

/** A typed array of numbers. */
export type NumberArray = Exclude<TypedArray, BigInt64Array | BigUint64Array>;

/** Whether a result is one that will be. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as Partial<PromiseLike<unknown>>).then === "function";
}

/**
 * Calls a task with items, and keeps the results.
 *
 * @returns `to`; or the index of the first call that has not settled, whose promise is in `results`.
 */
export function runItems(task: AnyFunction, items: Column, results: unknown[], from: number, to: number, progress: Int32Array, at: number): number {
  for (let i = from; i < to; i++) {
    progress[at] = i + 1;
    const result = task(items[i]);
    results[i] = result;
    if (typeof result === "object" && isThenable(result)) return i;
  }
  return to;
}

/**
 * Calls a task with numbers in shared memory, and puts the results there.
 *
 * @returns `to`; or the index of the first call that gave something else, which is in `other`.
 */
export function runNumbers(
  task: AnyFunction,
  input: NumberArray,
  output: NumberArray,
  from: number,
  to: number,
  progress: Int32Array,
  at: number,
  other: unknown[],
): number {
  for (let i = from; i < to; i++) {
    progress[at] = i + 1;
    const result = task(input[i]);
    // The type is spelled out: to compare with a variable takes twice as long as all the rest.
    if (typeof result !== "number") {
      other[0] = result;
      return i;
    }
    output[i] = result;
  }
  return to;
}

/** Whether the elements of an array are bigints. */
export function holdsBigInts(array: TypedArray): array is BigInt64Array | BigUint64Array {
  return array instanceof BigInt64Array || array instanceof BigUint64Array;
}
