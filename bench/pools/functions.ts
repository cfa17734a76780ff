/**
 * What the pools run. Each function takes one argument and stands alone, as one peer sends it as text.
 *
 * @module
 */

/** A small object. */
export interface Item {
  readonly id: number;
  readonly name: string;
  readonly tags: readonly string[];
}

/** Some of the doubles in shared memory. */
export interface Part {
  readonly buffer: SharedArrayBuffer;
  readonly from: number;
  readonly length: number;
}

export const increment = (x: number): number => x + 1;

export const square = (x: number): number => x * x;

export const squareAll = (numbers: readonly number[]): number[] => numbers.map((x) => x * x);

export const squareInPlace = ({ buffer, from, length }: Part): void => {
  const doubles = new Float64Array(buffer, from * Float64Array.BYTES_PER_ELEMENT, length);
  for (let i = 0; i < length; i++) doubles[i] = (doubles[i] as number) * (doubles[i] as number);
};

export const renumber = (item: Item): Item => ({ ...item, id: item.id + 1 });

/** On a process, what arrived is its own. */
export const doubleAll = (doubles: Float64Array): Float64Array => {
  for (let i = 0; i < doubles.length; i++) doubles[i] = (doubles[i] as number) * 2;
  return doubles;
};

export const sum = (doubles: Float64Array): number => {
  let total = 0;
  for (let i = 0; i < doubles.length; i++) total += doubles[i] as number;
  return total;
};

/** The process and the thread that this runs on. Takes a millisecond, so that the others come to their turn. */
export const introduce = (): string => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  const world = globalThis as { benchThread?: number };
  world.benchThread ??= Math.random();
  return `${process.pid} ${world.benchThread}`;
};
