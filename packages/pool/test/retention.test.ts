import { Atomic } from "@interlock/core";
import { Pool } from "@interlock/pool";
import { expect, it } from "vitest";
import { passOn, passOnLater } from "./fixtures/retention-tasks.ts";

it.each([
  ["at once", passOn],
  ["later", passOnLater],
] as const)("an idle worker keeps neither arguments nor results of a task that ended %s", async (_, fn) => {
  const pool = new Pool({ size: 1 });
  try {
    const gone = new Atomic("int32");
    await pool.apply<[object, Atomic<"int32">], unknown>(fn, [{ n: 1 }, gone]);
    await expect.poll(() => gone.load(), { timeout: 5000 }).toBe(1);
    await pool.starmap<[object, Atomic<"int32">], unknown>(fn, [[{ n: 1 }, gone]]);
    await expect.poll(() => gone.load(), { timeout: 5000 }).toBe(2);
  } finally {
    await pool.terminate();
  }
});
