import { Pool } from "@interlock/pool";
import { describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { remake, thenable } from "./fixtures/map-tasks.ts";

describe.each(BACKENDS)("backend %s", (backend) => {
  const hows = ["resolves", "throws", "rejects, then resolves", "resolves twice", "resolves, then throws", "nested", "cannot be read"];
  const fails = new Set(["throws", "cannot be read", "rejects, then resolves"]);

  it.each([1, 2])("whatever can be awaited is awaited as await does, %i calls at once", async (concurrency) => {
    const pool = new Pool({ backend, size: 1, concurrency });
    try {
      for (let round = 0; round < 3; round++) {
        const results = await Promise.allSettled(hows.map((how) => pool.apply(thenable, [how])));
        for (const [i, result] of results.entries()) {
          const how = hows[i] as string;
          if (fails.has(how)) expect(result).toMatchObject({ status: "rejected", reason: { name: "RangeError", message: how } });
          else expect(result).toEqual({ status: "fulfilled", value: how });
        }
        expect(await pool.map(thenable, ["nested", "resolves twice", "resolves"])).toEqual(["nested", "resolves twice", "resolves"]);
        expect(await pool.map(remake, [3, 6])).toEqual([1, 2]);
      }
    } finally {
      await pool.terminate();
    }
  });
});
