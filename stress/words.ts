/**
 * Plain access to shared words that a lock protects: no atomics, so a lock that fails to exclude is caught by its results.
 *
 * @module
 */
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
