import { Pool } from "@interlock/pool";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { reportTwice } from "./fixtures/report-tasks.ts";

describe.each(BACKENDS)("backend %s", (backend) => {
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ backend, size: 2 });
  });
  afterAll(() => pool.terminate());

  const bad = (): never => {
    throw new RangeError("a bad listener");
  };

  async function listOf<T>(results: AsyncIterable<T>): Promise<T[]> {
    const list: T[] = [];
    for await (const result of results) list.push(result);
    return list;
  }

  const forms: readonly [string, (options: { onReport?: (value: unknown, index: number) => void }) => Promise<unknown>][] = [
    ["apply", (options) => pool.apply(reportTwice, [1], options)],
    ["map", (options) => pool.map(reportTwice, [1, 2, 3], options)],
    ["starmap", (options) => pool.starmap(reportTwice, [[1], [2], [3]], options)],
    ["imap", (options) => listOf(pool.imap(reportTwice, [1, 2, 3], options))],
    ["imapUnordered", (options) => listOf(pool.imapUnordered(reportTwice, [1, 2, 3], options))],
  ];

  describe.each(forms)("%s", (_, run) => {
    it("passes reports on, with the index of the item", async () => {
      const reports: [unknown, number][] = [];
      await run({ onReport: (value, index) => reports.push([value, index]) });
      expect(reports.filter(([, index]) => index === 0)).toEqual([
        ["first of 1", 0],
        ["second of 1", 0],
      ]);
      for (const [value, index] of reports) expect(value).toMatch(new RegExp(`of ${index + 1}$`));
    });

    it("throws what onReport throws, and the pool goes on", async () => {
      await expect(run({ onReport: bad })).rejects.toThrow("a bad listener");
      expect(await pool.apply(reportTwice, [5])).toBe(5);
    });
  });

  describe.each(forms.slice(1))("%s", (_, run) => {
    it("throws what onProgress throws, and the pool goes on", async () => {
      await expect(run({ onProgress: bad } as object)).rejects.toThrow("a bad listener");
      expect(await pool.apply(reportTwice, [5])).toBe(5);
    });
  });
});
