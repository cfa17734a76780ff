/**
 * Plain access to shared words that a lock protects: no atomics, so a lock that fails to exclude is caught by its results.
 *
 * @module
 */
import { RawArray } from "@interlock/core";

/** Words that a crew shares, all 0: plain memory, wherever its objects lie. */
export function createWords(length: number): RawArray<"int32"> {
  return new RawArray("int32", length);
}

export function get(words: Int32Array, index: number): number {
  return words[index] as number;
}

export function set(words: Int32Array, index: number, value: number): void {
  words[index] = value;
}

/** Adds, in two steps that another thread may come between. */
export function add(words: Int32Array, index: number, n: number): void {
  words[index] = get(words, index) + n;
}
