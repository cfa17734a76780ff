import { SharedArray, TimeoutError } from "@interlock/core";
import { Pool, PoolClosedError } from "@interlock/pool";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expectBest } from "./fixtures/best-of-ten.ts";
import { later } from "./fixtures/later.ts";
import { evenOnly, greet, prepare, prepared, square, waitFor, zeros } from "./fixtures/web-tasks.ts";

const worker = (): Worker => new Worker(new URL("./fixtures/web-worker.ts", import.meta.url), { type: "module" });

/** No wait of these tests may take longer. */
const HANG_MS = 5000;

let pool: Pool;
beforeEach(() => {
  pool = new Pool({ size: 2, worker, initializer: prepare, initArgs: ["ready"] });
});
afterEach(() => pool.terminate());

describe("the calls of a pool in a page", () => {
  it("are many small ones, in one turn", async () => {
    const results = await Promise.all(Array.from({ length: 10_000 }, (_, i) => pool.apply(square, [i])));
    expect(results.every((result, i) => result === i * i)).toBe(true);
  });

  it("are a map over a long list, over a typed array, and in place over shared memory", async () => {
    const items = Array.from({ length: 100_000 }, (_, i) => i);
    const expected = items.map((n) => n * n);
    expect(await pool.map(square, items)).toEqual(expected);
    const typed = await pool.map(square, Float64Array.from(items));
    expect(typed).toBeInstanceOf(Float64Array);
    expect(Array.from(typed)).toEqual(expected);
    const array = new SharedArray("float64", items);
    expect(await pool.map(square, array)).toBe(array);
    expect(Array.from(array.view)).toEqual(expected);
  });

  it("are a starmap with objects", async () => {
    expect(await pool.starmap(greet, [["Ann", { word: "Hello" }] as const, ["漢字", { word: "é" }] as const])).toEqual(["Hello, Ann", "é, 漢字"]);
  });

  it("are an imap over a source without end, which is closed", async () => {
    let [pulled, closed] = [0, false];
    function* numbers(): Generator<number> {
      try {
        for (;;) yield pulled++;
      } finally {
        closed = true;
      }
    }
    const seen: number[] = [];
    for await (const n of pool.imap(square, numbers(), { bufferSize: 8 })) {
      seen.push(n);
      expect(pulled).toBeLessThanOrEqual(seen.length + 8);
      if (seen.length === 100) break;
    }
    expect([seen.at(-1), closed]).toEqual([99 * 99, true]);
    const found: number[] = [];
    for await (const n of pool.imapUnordered(square, [1, 2, 3])) found.push(n);
    expect(found.sort()).toEqual([1, 4, 9]);
  });

  it("bring errors back, at once or after all others", async () => {
    const error: unknown = await pool.map(evenOnly, [0, 1, 2, 3]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message: "odd: 1", cause: 1 });
    await expect(pool.map(evenOnly, [0, 1, 2, 3], { failFast: true })).rejects.toThrow(/odd/);
  });

  it("move their results", async () => {
    expect(await pool.apply(zeros, [10])).toEqual(new Float64Array(10));
  });
});

describe("a call of a pool in a page", () => {
  it("knows its worker, and what the initializer left there", async () => {
    expect(await pool.apply(prepared)).toEqual(["ready", expect.any(Number)]);
  });

  it("ends with its timeout, and with an abort", () =>
    // Both settle in time, so neither costs its worker, unless the machine stops that for all of the grace.
    expectBest({ below: 1, always: 3 }, async () => {
      const before = pool.stats().lost;
      await pool.apply(prepared);
      const started = performance.now();
      await expect(pool.apply(waitFor, [60_000], { timeout: 50 })).rejects.toThrow(TimeoutError);
      const abort = new AbortController();
      const reports: unknown[] = [];
      const onReport = (value: unknown): void => {
        reports.push(value);
        abort.abort(new Error("enough"));
      };
      const aborted = pool.apply(waitFor, [60_000], { signal: abort.signal, onReport });
      await expect(aborted).rejects.toThrow("enough");
      expect(reports).toEqual(["waiting"]);
      expect(await pool.map(square, [1, 2, 3])).toEqual([1, 4, 9]);
      expect(performance.now() - started).toBeLessThan(HANG_MS);
      // Longer than the grace.
      await later();
      expect(pool.stats().workers).toBe(2);
      return pool.stats().lost - before;
    }));

  it("is rejected when the pool is terminated", async () => {
    const pending = pool.apply(waitFor, [60_000]);
    const rejected = expect(pending).rejects.toThrow(PoolClosedError);
    await pool.terminate();
    await rejected;
  });
});
