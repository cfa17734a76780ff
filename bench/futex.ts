/**
 * The raw limit: a three-state mutex written out on an Int32Array, with no owner, no timeout and no checks.
 *
 * @module
 */

/** Word 0 of the array: 0 free, 1 held, 2 held and somebody may wait. */
export function lock(words: Int32Array): void {
  if (Atomics.compareExchange(words, 0, 0, 1) === 0) return;
  while (Atomics.exchange(words, 0, 2) !== 0) Atomics.wait(words, 0, 2);
}

/** Wakes one waiter if there may be one. */
export function unlock(words: Int32Array): void {
  if (Atomics.exchange(words, 0, 0) === 2) Atomics.notify(words, 0, 1);
}
