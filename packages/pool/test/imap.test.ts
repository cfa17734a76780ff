import { Pool } from "@interlock/pool";
import { afterAll, describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { later } from "./fixtures/later.ts";
import { bytesOf } from "./fixtures/pool-tasks.ts";
import { square } from "./fixtures/tasks.ts";

describe.each(BACKENDS)("backend %s", (backend) => {
  const pool = new Pool({ backend, size: 2 });
  afterAll(() => pool.terminate());

  /** A source without end that tells what was taken from it, and whether it was closed. */
  class Endless {
    taken = 0;
    closed = 0;
    *[Symbol.iterator](): Generator<number> {
      try {
        for (;;) yield this.taken++;
      } finally {
        this.closed++;
      }
    }
    async *slowly(): AsyncGenerator<number> {
      for (const n of this) {
        await later(1);
        yield n;
      }
    }
  }

  describe.each(["imap", "imapUnordered"] as const)("%s", (kind) => {
    it("takes nothing before the first result is asked for, and then bufferSize items at most", async () => {
      const source = new Endless();
      const results = pool[kind](square, source, { bufferSize: 8 });
      await later(50);
      expect(source.taken).toBe(0);
      for (let asked = 1; asked <= 5; asked++) {
        await results.next();
        await later(10);
        expect(source.taken).toBeLessThanOrEqual(8 + asked);
      }
      await results.return?.();
      expect(source.closed).toBe(1);
    });

    it.each(["sync", "async"])("closes a source of the %s kind when its loop is left", async (how) => {
      const source = new Endless();
      let left = 3;
      for await (const _ of pool[kind](square, how === "sync" ? source : source.slowly())) if (--left === 0) break;
      await expect.poll(() => source.closed).toBe(1);
      const { taken } = source;
      await later(50);
      expect(source.taken).toBe(taken);
    });

    it("closes the source when it is aborted, also if nobody asks", async () => {
      const [source, abort] = [new Endless(), new AbortController()];
      const results = pool[kind](square, source, { signal: abort.signal });
      await results.next();
      abort.abort(new Error("enough"));
      expect(source.closed).toBe(1);
      await expect(results.next()).rejects.toThrow("enough");
      expect((await results.next()).done).toBe(true);
    });

    it("gives all results before what the source throws", async () => {
      const results: number[] = [];
      const source = function* (): Generator<number> {
        yield* [1, 2, 3];
        throw new RangeError("dry");
      };
      const loop = async (): Promise<void> => {
        for await (const n of pool[kind](square, source())) results.push(n);
      };
      await expect(loop()).rejects.toThrow("dry");
      expect(results.sort()).toEqual([1, 4, 9]);
    });

    it("moves with each item what occurs in it", async () => {
      const transfer = [1, 2, 3, 4].map((n) => new ArrayBuffer(n));
      const sizes: number[] = [];
      for await (const size of pool[kind](bytesOf, transfer, { transfer })) sizes.push(size);
      expect(sizes.sort()).toEqual([1, 2, 3, 4]);
      // Processes get copies.
      expect(transfer.map(({ byteLength }) => byteLength)).toEqual(backend === "thread" ? [0, 0, 0, 0] : [1, 2, 3, 4]);
    });

    it("refuses a buffer smaller than a chunk", () => {
      expect(() => pool[kind](square, [1], { bufferSize: 2, chunkSize: 3 })).toThrow(
        new RangeError(`Cannot ${kind} as 'bufferSize' must be at least 'chunkSize', which is 3: received 2`),
      );
    });
  });

  it("an imap whose pool is terminated rejects the next result, and then is over", async () => {
    const own = new Pool({ backend, size: 1 });
    const results = own.imap(square, new Endless(), { bufferSize: 1 });
    await results.next();
    await own.terminate();
    await expect(results.next()).rejects.toThrow("terminated");
    expect((await results.next()).done).toBe(true);
  });
});
