import { Pool, QueueFullError } from "@interlock/pool";
import { afterEach, describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { crowd, reportThree } from "./fixtures/pool-tasks.ts";
import { sleep, square } from "./fixtures/tasks.ts";

describe.each(BACKENDS)("backend %s", (backend) => {
  let pool: Pool;
  afterEach(() => pool.terminate());

  describe("concurrency", () => {
    it.each([1, 3])("%i: so many calls run beside each other in a worker", async (concurrency) => {
      pool = new Pool({ backend, size: 1, concurrency });
      expect(Math.max(...(await Promise.all(Array.from({ length: 6 }, () => pool.apply(crowd)))))).toBe(concurrency);
    });
  });

  describe("maxQueue", () => {
    it("refuses what would have to wait beyond it, and takes calls again when there is room", async () => {
      pool = new Pool({ backend, size: 1, maxQueue: 2 });
      const ends = await Promise.allSettled(Array.from({ length: 10 }, () => pool.apply(sleep, [20])));
      const refused = ends.filter(({ status }) => status === "rejected") as PromiseRejectedResult[];
      // One runs, one may wait with the worker, two in the queue.
      expect(ends.length - refused.length).toBeGreaterThanOrEqual(2);
      expect(ends.length - refused.length).toBeLessThanOrEqual(4);
      for (const { reason } of refused) {
        expect(reason).toBeInstanceOf(QueueFullError);
        expect(String(reason)).toMatch(/^QueueFullError: Cannot run as 2 calls wait for Pool-\d+, of at most 2$/);
      }
      expect(await pool.apply(square, [3])).toBe(9);
    });

    it("refuses a map that is longer, while an imap waits", async () => {
      pool = new Pool({ backend, size: 1, maxQueue: 4 });
      await expect(pool.map(square, [1, 2, 3, 4, 5])).rejects.toThrow(QueueFullError);
      expect(await pool.map(square, [1, 2, 3, 4])).toEqual([1, 4, 9, 16]);
      const results: number[] = [];
      for await (const n of pool.imap(square, [1, 2, 3, 4, 5, 6, 7, 8])) results.push(n);
      expect(results).toHaveLength(8);
    });
  });

  describe("onReport", () => {
    it("hears what a task reports, with the item's index", async () => {
      pool = new Pool({ backend, size: 2 });
      const heard: [unknown, number][] = [];
      await pool.map(reportThree, ["a", "b"], { chunkSize: 1, onReport: (value, index) => heard.push([value, index]) });
      expect(heard.sort()).toEqual(
        [1, 2, 3].flatMap((value) => [
          [value, 0],
          [value, 1],
        ]),
      );
    });

    it("rejects the call with what it throws", async () => {
      pool = new Pool({ backend, size: 1 });
      const onReport = (): never => {
        throw new RangeError("not heard");
      };
      await expect(pool.apply(reportThree, [0], { onReport })).rejects.toThrow("not heard");
      await expect(pool.map(reportThree, [0, 1], { onReport })).rejects.toThrow("not heard");
      expect(await pool.apply(square, [3])).toBe(9);
    });
  });
});
