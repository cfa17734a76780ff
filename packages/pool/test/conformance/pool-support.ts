/** What the conformance tests of pools share. */
import { Pool, type PoolOptions } from "@interlock/pool";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import type { BackendName } from "../fixtures/backends.ts";

/** As many workers as the pool of the original has. */
export const SIZE = 4;

/** One pool for all tests of a file, as the original has one for all of a class; within the tests of a backend. */
export function sharedPool(backend: BackendName): () => Pool {
  let pool: Pool | undefined;
  beforeAll(() => {
    pool = new Pool({ backend, size: SIZE });
  });
  afterAll(() => pool?.terminate());
  return () => pool as Pool;
}

/** A pool that ends with its test. */
export function ownPool(options: PoolOptions): Pool {
  const pool = new Pool(options);
  onTestFinished(() => pool.terminate());
  return pool;
}

/** The whole numbers below `end`. */
export const range = (end: number): number[] => Array.from({ length: end }, (_, i) => i);

export const squares = (end: number): number[] => range(end).map((x) => x * x);

/** What a source throws. */
export class SayWhenError extends Error {}

/** Gives the numbers below `total`, but throws at item `when`; -1 is before the first. */
export function* throwingSource(total: number, when: number): Generator<number, void> {
  if (when === -1) throw new SayWhenError("somebody said when");
  for (let i = 0; i < total; i++) {
    if (i === when) throw new SayWhenError("somebody said when");
    yield i;
  }
}

/** Says that it has an item, and throws when it is asked for it. */
export const throwingList = {
  length: 1,
  [Symbol.iterator](): Iterator<number> {
    return {
      next() {
        throw new SayWhenError("somebody said when");
      },
    };
  },
};

/** What an `imap` gives, as a list. */
export async function listOf<T>(results: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const result of results) list.push(result);
  return list;
}
