/**
 * Arrays for many numbers, which engines keep in different ways.
 *
 * @module
 */

/** V8 gives it elements that are doubles at once, which it else does at the first, by copying all; and does not touch the memory. */
export function roomForDoubles(length: number): unknown[] {
  const array = [0.5];
  array.length = length;
  return array;
}

/** JavaScriptCore makes a slow array of one whose length is set. */
export function filledDoubles(length: number): unknown[] {
  return new Array(length).fill(0.5);
}
