import { Pool } from "@interlock/pool";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { noteBytes, noted, noteNumber } from "./fixtures/order-tasks.ts";

// What goes by shared memory and what goes by message, as calls with a transfer list or a time limit do, begins in the order of the calls.

let pool: Pool;
beforeAll(() => {
  pool = new Pool({ size: 1 });
});
afterAll(() => pool.terminate());

/** Calls each way, all at once; returns the numbers of the calls as they began. */
async function call(ways: readonly ("ring" | "timeout" | "transfer")[]): Promise<readonly number[]> {
  const calls = ways.map((way, i) => {
    if (way === "ring") return pool.apply(noteNumber, [i]);
    if (way === "timeout") return pool.apply(noteNumber, [i], { timeout: 20_000 });
    const bytes = Uint8Array.of(i);
    return pool.apply(noteBytes, [bytes], { transfer: [bytes.buffer] });
  });
  await Promise.all(calls);
  return pool.apply(noted);
}

it("begins calls in their order while the worker starts", async () => {
  const ways = Array.from({ length: 40 }, (_, i) => (i % 10 === 3 ? "timeout" : i % 10 === 7 ? "transfer" : "ring") as "ring");
  expect(await call(ways)).toEqual(ways.map((_, i) => i));
});

it("begins calls in their order, whatever way they go", async () => {
  const ways = fc.array(fc.constantFrom("ring" as const, "ring" as const, "timeout" as const, "transfer" as const), { minLength: 2, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(ways, async (chosen) => {
      expect(await call(chosen)).toEqual(chosen.map((_, i) => i));
    }),
    { numRuns: 50 },
  );
});
