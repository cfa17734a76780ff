import { Pool } from "@interlock/pool";
import { describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { square } from "./fixtures/tasks.ts";

describe.each(BACKENDS)("backend %s", (backend) => {
  it("a first call that cannot be sent does not keep the worker from the next of the same task", async () => {
    const pool = new Pool({ backend, size: 1 });
    try {
      for (const bad of [() => {}, new WeakMap(), Promise.resolve(1), Symbol("x"), { deep: [() => {}] }])
        await expect(pool.apply(square, [bad as never])).rejects.toThrow(/Cannot/);
      expect(await pool.apply(square, [3])).toBe(9);
      expect(await pool.map(square, [1, 2, 3])).toEqual([1, 4, 9]);
      expect(pool.stats().lost).toBe(0);
    } finally {
      await pool.terminate();
    }
  });
});
