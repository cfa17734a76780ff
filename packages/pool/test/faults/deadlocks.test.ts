import { Pool } from "@interlock/pool";
import { afterEach, describe, expect, it } from "vitest";
import { type DeadlockCase, deadlockCases, deadlockTitle } from "./deadlocks.ts";
import { square } from "./fault-tasks.ts";
import { optionsFor } from "./faulty-workers.ts";
import { BACKENDS, type BackendName } from "./matrix.ts";
import { BOUND_MS, settled, within } from "./within.ts";

const SIZE = 2;

let pool: Pool | undefined;
afterEach(() => within("terminate", pool?.terminate() ?? Promise.resolve()));

async function play(backend: BackendName, { row, error, closes = false, imports = "", run }: DeadlockCase): Promise<void> {
  // Workers get it when they start.
  process.env["INTERLOCK_FAULT"] = imports;
  const options = row.includes("result_unpickle") ? optionsFor(backend, "unreadable result") : { backend };
  pool = new Pool({ size: SIZE, ...options });
  const end = await within("the call", settled(run(pool)));
  expect(String(end.error)).toMatch(error);
  if (closes) return;
  expect(await within("the next calls", pool.map(square, [1, 2, 3]))).toEqual([1, 4, 9]);
  await expect.poll(() => pool?.stats(), { timeout: BOUND_MS, interval: 10 }).toMatchObject({ workers: SIZE, waiting: 0, running: 0 });
}

describe.each(BACKENDS)("a pool of the backend %s", (backend) => {
  it.each(deadlockCases(backend).map((one) => [deadlockTitle(backend, one), one] as const))("%s", (_, one) => play(backend, one));
});
