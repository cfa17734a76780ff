import { TimeoutError } from "@interlock/core";
import { describe, expect, it } from "vitest";
import { BACKENDS } from "../fixtures/backends.ts";
import { listOf, ownPool, range, SayWhenError, SIZE, sharedPool, squares, throwingList, throwingSource } from "./pool-support.ts";
import { int, mul, sqr } from "./pool-tasks.ts";
import { DELTA, expectTimedOut, forbidRescues } from "./support.ts";

forbidRescues();

describe.each(BACKENDS)("%s", (backend) => {
  const pool = sharedPool(backend);

  const pairs = (end: number): [number, number][] => range(end).map((i) => [i, end - i]);
  const products = (end: number): number[] => pairs(end).map(([x, y]) => x * y);

  it("_TestPool.test_apply", async () => {
    expect(await pool().apply(sqr, [5])).toBe(25);
    expect(await pool().apply(sqr, [5, 1])).toBe(25);
  });

  it("_TestPool.test_map", async () => {
    expect(await pool().map(sqr, range(10))).toEqual(squares(10));
    expect(await pool().map(sqr, range(100), { chunkSize: 20 })).toEqual(squares(100));
  });

  it("_TestPool.test_starmap", async () => {
    expect(await pool().starmap(mul, pairs(10))).toEqual(products(10));
    expect(await pool().starmap(mul, pairs(100), { chunkSize: 20 })).toEqual(products(100));
  });

  it("_TestPool.test_starmap_async", async () => {
    const [first, second] = [pool().starmap(mul, pairs(100)), pool().starmap(mul, pairs(10))];
    expect(await second).toEqual(products(10));
    expect(await first).toEqual(products(100));
  });

  it("_TestPool.test_map_async", async () => {
    const [first, second] = [pool().map(sqr, range(100)), pool().map(sqr, range(10))];
    expect(await second).toEqual(squares(10));
    expect(await first).toEqual(squares(100));
  });

  it("_TestPool.test_map_async_callbacks", async () => {
    const results: unknown[] = [];
    const errors: unknown[] = [];
    const told = (items: readonly (string | number)[]): Promise<unknown> =>
      pool()
        .map(int, items)
        .then(
          (value) => results.push(value),
          (error: unknown) => errors.push(error),
        );
    await told([1]);
    expect(results).toEqual([[1]]);
    expect(errors).toEqual([]);
    await told(["a"]);
    expect(results).toHaveLength(1);
    expect(errors).toEqual([new RangeError("invalid literal: a")]);
    // The original leaves it out: nobody is called for an empty map.
    await told([]);
    expect(results).toEqual([[1], []]);
  });

  it("_TestPool.test_map_chunksize", async () => {
    expect(await pool().map(sqr, [], { chunkSize: 1 })).toEqual([]);
  });

  it("_TestPool.test_map_handle_iterable_exception", async () => {
    const sources = [() => throwingSource(1, -1), () => throwingSource(1, -1), () => throwingSource(10, 3), () => throwingList, () => throwingList];
    for (const makeSource of sources) await expect(pool().map(sqr, makeSource(), { chunkSize: 1 })).rejects.toThrow(SayWhenError);
    expect(await pool().apply(sqr, [3])).toBe(9);
  });

  it("_TestPool.test_async", async () => {
    const started = performance.now();
    const result = pool().apply(sqr, [7, DELTA]);
    expect(performance.now() - started).toBeLessThan(DELTA);
    expect(await result).toBe(49);
    expect(performance.now() - started).toBeGreaterThan(DELTA - 1);
  });

  it("_TestPool.test_async_timeout", async () => {
    const own = ownPool({ backend, size: SIZE });
    await own.map(sqr, range(SIZE), { chunkSize: 1 });
    const started = performance.now();
    await expect(own.apply(sqr, [6, 20_000], { timeout: 200 })).rejects.toThrow(TimeoutError);
    expectTimedOut(performance.now() - started, 200);
    await own.terminate();
    await own.join();
  });

  it("_TestPool.test_empty_iterable", async () => {
    expect(await pool().map(sqr, [])).toEqual([]);
    for (const results of [pool().imap(sqr, []), pool().imapUnordered(sqr, [])]) expect(await listOf(results)).toEqual([]);
    expect(await pool().starmap(mul, [])).toEqual([]);
  });
});
