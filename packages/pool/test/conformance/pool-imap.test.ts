import { describe, expect, it } from "vitest";
import { BACKENDS } from "../fixtures/backends.ts";
import { listOf, range, SayWhenError, sharedPool, squares, throwingSource } from "./pool-support.ts";
import { sqr } from "./pool-tasks.ts";
import { forbidRescues } from "./support.ts";

forbidRescues();

describe.each(BACKENDS)("%s", (backend) => {
  const pool = sharedPool(backend);

  const END = { done: true, value: undefined };

  /** Items, the one whose turn it is when the source throws, and how many travel together. */
  const sources: readonly [total: number, when: number, chunkSize: number][] = [
    [1, -1, 1],
    // Once more: nothing of it is left.
    [1, -1, 1],
    [10, 3, 1],
    [20, 7, 2],
    [20, 7, 4],
  ];

  it("_TestPool.test_imap", async () => {
    expect(await listOf(pool().imap(sqr, range(10)))).toEqual(squares(10));
    for (const [items, options] of [
      [10, {}],
      [1000, { chunkSize: 100 }],
    ] as const) {
      const results = pool().imap(sqr, range(items), options);
      for (const square of squares(items)) expect(await results.next()).toEqual({ done: false, value: square });
      expect(await results.next()).toEqual(END);
    }
  });

  it("_TestPool.test_imap_handle_iterable_exception", async () => {
    for (const [total, when, chunkSize] of sources) {
      const results = pool().imap(sqr, throwingSource(total, when), { chunkSize });
      for (const value of squares(Math.max(when, 0))) expect(await results.next()).toEqual({ done: false, value });
      await expect(results.next()).rejects.toThrow(SayWhenError);
      expect(await results.next()).toEqual(END);
    }
  });

  it("_TestPool.test_imap_unordered", async () => {
    for (const [items, options] of [
      [10, {}],
      [1000, { chunkSize: 100 }],
    ] as const) {
      const results = await listOf(pool().imapUnordered(sqr, range(items), options));
      expect(results.toSorted((a, b) => a - b)).toEqual(squares(items));
    }
  });

  it("_TestPool.test_imap_unordered_handle_iterable_exception", async () => {
    for (const [total, when, chunkSize] of sources) {
      const results = pool().imapUnordered(sqr, throwingSource(total, when), { chunkSize });
      const expected = new Set(squares(Math.max(when, 0)));
      // Each is one that was expected, and comes once.
      while (expected.size > 0) expect(expected.delete((await results.next()).value as number)).toBe(true);
      await expect(results.next()).rejects.toThrow(SayWhenError);
      expect(await results.next()).toEqual(END);
    }
  });
});
