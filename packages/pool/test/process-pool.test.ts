import { Pool, WorkerLostError } from "@interlock/pool";
import { afterEach, expect, it } from "vitest";
import { dieAt, echo, surroundings } from "./fixtures/process-tasks.ts";

// What only processes do; what all backends do is tested with each of them.

let pool: Pool | undefined;
afterEach(() => pool?.terminate());

it("loses only what a worker had begun when it is killed, and runs nothing twice", async () => {
  pool = new Pool({ size: 2, backend: "process" });
  const FATAL = 40;
  const calls = await Promise.allSettled(Array.from({ length: 100 }, (_, n) => (pool as Pool).apply(dieAt, [n, FATAL])));
  calls.forEach((call, n) => {
    if (call.status === "fulfilled") expect(call.value).toBe(n);
    else expect(call.reason).toMatchObject({ name: "WorkerLostError", signal: "SIGKILL" });
  });
  expect(calls[FATAL]?.status).toBe("rejected");
  // Calls of a millisecond settle one by one.
  expect(calls.filter(({ status }) => status === "rejected").length).toBeLessThanOrEqual(4);
  expect(pool.stats().lost).toBe(1);
});

it("carries all that the codec does", async () => {
  pool = new Pool({ size: 1, backend: "process" });
  const cycle: unknown[] = [1];
  cycle.push(cycle);
  const values = [undefined, null, -0, Number.NaN, 2n ** 70n, "ä€😀", new Date(5), /x/g, new Map([[{ a: 1 }, new Set([1])]]), cycle, Uint8Array.of(1, 2)];
  expect(await pool.apply(echo, [values])).toEqual(values);
  expect(await pool.map(echo, values)).toEqual(values);
});

it("carries typed arrays of megabytes", async () => {
  pool = new Pool({ size: 2, backend: "process" });
  const arrays = Array.from({ length: 8 }, (_, n) => new Float64Array(1 << 17).fill(n + 0.5));
  const back = (await pool.map(echo, arrays)) as Float64Array[];
  expect(back.map((array) => [array.length, array[0], array.at(-1)])).toEqual(arrays.map((_, n) => [1 << 17, n + 0.5, n + 0.5]));
});

it("starts workers as it is told to", async () => {
  pool = new Pool({ size: 1, backend: "process", env: { INTERLOCK_TEST: "y" }, cwd: "/" });
  expect(await pool.apply(surroundings, ["INTERLOCK_TEST"])).toMatchObject({ value: "y", cwd: "/" });
});

it("tells why a worker cannot be started", async () => {
  pool = new Pool({ size: 1, backend: "process", cwd: "/nonexistent" });
  const error = await pool.apply(echo, [1]).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WorkerLostError);
  expect(String((error as WorkerLostError).cause)).toContain("ENOENT");
});
