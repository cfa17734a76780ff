/**
 * Results that are moved instead of cloned.
 *
 * @module
 */

/** A result, and what of it is moved: what `transfer` returns. */
export class Transferred<T> {
  /** The result. */
  readonly value: T;
  /** What of it is moved. */
  readonly list: readonly unknown[];

  /** Use `transfer` instead, which checks the list. */
  constructor(value: T, list: readonly unknown[]) {
    this.value = value;
    this.list = list;
  }
}

/**
 * Marks a task's result so that parts of it are moved to the caller instead of cloned. Return what this returns.
 *
 * Called without a pool, the task returns the mark itself: unwrap `.value`. From a process, the caller gets a copy.
 *
 * @param value The result.
 * @param list What is moved: `ArrayBuffer`s, `MessagePort`s and the like, as in `postMessage`. Afterwards the worker no longer has them.
 * @returns What the task is to return. The caller gets `value`.
 * @throws {TypeError} If `list` is no array. What cannot be moved fails the call.
 *
 * @example
 * ```ts
 * import { Pool, task, transfer } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * export const zeros = task(import.meta, "zeros", (length: number) => {
 *   const array = new Float64Array(length);
 *   return transfer(array, [array.buffer]);
 * });
 *
 * if (import.meta.main) {
 *   await using pool = new Pool({ size: 1 });
 *   assert.equal((await pool.apply(zeros, [1000])).length, 1000);
 * }
 * ```
 */
export function transfer<T>(value: T, list: readonly unknown[]): Transferred<T> {
  if (!Array.isArray(list)) throw new TypeError(`Cannot transfer as 'list' must be an array of what is moved: received ${typeof list}`);
  return new Transferred(value, list);
}
