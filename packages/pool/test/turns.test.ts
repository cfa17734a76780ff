import { Value } from "@interlock/core";
import { Pool } from "@interlock/pool";
import { afterEach, expect, it } from "vitest";
import { later } from "./fixtures/later.ts";
import { blockFor, blockUntil, startClock } from "./fixtures/turn-tasks.ts";

let pool: Pool;
afterEach(() => pool.terminate());

// Each call blocks its thread, and the next is there before it ends.
it.each([
  [1, 500],
  [10, 50],
  [30, 15],
])("the event loop of a worker has turns between calls of %s ms", async (milliseconds, count) => {
  pool = new Pool({ size: 1 });
  const ticks = new Value("int32");
  await pool.apply(startClock, [ticks]);
  await Promise.all(Array.from({ length: count }, () => pool.apply(blockFor, [milliseconds])));
  expect(ticks.value).toBeGreaterThan(4);
});

it("a worker that waits for more leaves its event loop alone for moments only", async () => {
  pool = new Pool({ size: 1 });
  const ticks = new Value("int32");
  await pool.apply(startClock, [ticks]);
  const until = performance.now() + 2000;
  while (ticks.value <= 4 && performance.now() < until) await pool.apply(blockFor, [0]);
  expect(ticks.value).toBeGreaterThan(4);
});

it("begins no call once it was told to end, although one waits behind another that blocks", async () => {
  pool = new Pool({ size: 1 });
  const begun = new Value("int32");
  const over = new Value("int32");
  await pool.apply(blockFor, [0]);
  const calls = [0, 1].map(() => pool.apply(blockUntil, [begun, over]).catch(() => "ended"));
  await expect.poll(() => begun.value).toBe(1);
  // Longer than calls may follow each other without a turn of the event loop.
  await later(60);
  const ended = pool.terminate();
  over.value = 1;
  await ended;
  expect([await calls[1], begun.value]).toEqual(["ended", 1]);
});
