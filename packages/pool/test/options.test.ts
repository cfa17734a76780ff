import { Pool, type PoolOptions } from "@interlock/pool";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { square } from "./fixtures/tasks.ts";

// Options that the types forbid, or that cannot be checked by them: each is refused at once, by its name.

const COUNT = "must be an integer >= 1";
const TIME = "must be a number of milliseconds";

/** What is wrong with a value for a count, or for a time. */
const WRONG: readonly (readonly [value: unknown, type: new (message: string) => Error, received: string, time: boolean])[] = [
  [0, RangeError, "0", false],
  [-1, RangeError, "-1", false],
  [1.5, RangeError, "1.5", false],
  [Number.NaN, RangeError, "NaN", true],
  ["12", TypeError, '"12"', true],
  [null, TypeError, "null", true],
];

const COUNTS = ["size", "concurrency", "maxTasksPerWorker", "maxMemoryPerWorker", "maxQueue"] as const;

describe.each(BACKENDS)("backend %s", (backend) => {
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ backend, size: 1 });
  });
  afterAll(() => pool.terminate());

  describe.each(WRONG)("an option of %s", (value, type, received, time) => {
    it.each(COUNTS)("is refused by a pool: %s", (name) => {
      expect(() => new Pool({ backend, size: 1, [name]: value } as PoolOptions)).toThrow(
        new type(`Cannot create Pool as '${name}' ${COUNT}: received ${received}`),
      );
    });

    it.runIf(time)("is refused by a pool: idleTimeout", () => {
      expect(() => new Pool({ backend, size: 1, idleTimeout: value as number })).toThrow(
        new type(`Cannot create Pool as 'idleTimeout' ${TIME}: received ${received}`),
      );
    });

    describe("of a call", () => {
      it.each(["map", "starmap"] as const)("is refused by %s: chunkSize", async (action) => {
        const call = pool[action as "map"](square, [], { chunkSize: value as number });
        await expect(call).rejects.toThrow(new type(`Cannot ${action} as 'chunkSize' ${COUNT}: received ${received}`));
      });

      it.each(["chunkSize", "bufferSize"])("is refused by imap: %s", (name) => {
        expect(() => pool.imap(square, [], { [name]: value })).toThrow(type);
      });

      it.runIf(time)("is refused by apply, map and imap: timeout", async () => {
        const timeout = value as number;
        await expect(pool.apply(square, [1], { timeout })).rejects.toThrow(new type(`Cannot apply as 'timeout' ${TIME}: received ${received}`));
        await expect(pool.map(square, [], { timeout })).rejects.toThrow(new type(`Cannot map as 'timeout' ${TIME}: received ${received}`));
        expect(() => pool.imap(square, [], { timeout })).toThrow(new type(`Cannot imap as 'timeout' ${TIME}: received ${received}`));
      });
    });
  });

  describe("a pool", () => {
    it("refuses an initializer that is no task, and initArgs that are no array", () => {
      expect(() => new Pool({ backend, size: 1, initializer: (() => 1) as never })).toThrow(
        /^Cannot create Pool as its function must be a task: received function/,
      );
      expect(() => new Pool({ backend, size: 1, initializer: square, initArgs: 5 as never })).toThrow(
        "Cannot create Pool as 'initArgs' must be an array: received 5",
      );
    });

    it("refuses chunks whose items have each their own time", async () => {
      await expect(pool.map(square, [1, 2], { timeout: 5, chunkSize: 2 })).rejects.toThrow(
        new RangeError("Cannot map as with a 'timeout' each item travels alone, so 'chunkSize' must be 1 or absent: received 2"),
      );
    });
  });
});
