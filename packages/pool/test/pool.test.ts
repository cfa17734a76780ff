import { Value } from "@interlock/core";
import { Pool, PoolClosedError, WorkerLostError } from "@interlock/pool";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { addLocked, exit, fail, nestedUnclonable, square, unclonable } from "./fixtures/tasks.ts";
import { unreachable } from "./fixtures/throws-on-import.ts";

describe.each(BACKENDS)("backend %s", (backend) => {
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ backend, size: 2 });
  });
  afterAll(() => pool.terminate());

  it("applies a task", async () => {
    expect(await pool.apply(square, [5])).toBe(25);
  });

  it("maps in order, whatever the chunk size", async () => {
    const items = Array.from({ length: 100 }, (_, i) => i);
    for (const chunkSize of [1, 7, 100, undefined]) {
      expect(await pool.map(square, items, chunkSize === undefined ? {} : { chunkSize })).toEqual(items.map((n) => n * n));
    }
    expect(await pool.map(square, [])).toEqual([]);
    expect(await pool.map(square, new Set([2, 3]))).toEqual([4, 9]);
  });

  it("brings an error back with class, fields and cause", async () => {
    const error = (await pool.apply(fail, ["too far"]).catch((thrown: unknown) => thrown)) as RangeError & { code: string };
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message: "too far", code: "E_TEST", cause: { message: "why" } });
    expect(error.stack).toContain("tasks.ts");
  });

  it.each([0, 3])("reports a worker that exits with %i, replaces it, and goes on", async (code) => {
    const lost = (await pool.apply(exit, [code]).catch((thrown: unknown) => thrown)) as WorkerLostError;
    expect(lost).toBeInstanceOf(WorkerLostError);
    expect(lost.exitCode).toBe(code);
    expect(await pool.map(square, [1, 2, 3])).toEqual([1, 4, 9]);
  });

  it("fails a task whose result cannot be cloned, and keeps the worker", async () => {
    await expect(pool.apply(unclonable)).rejects.toThrow('Cannot return result from task "unclonable" as it cannot be cloned: received function (anonymous)');
    await expect(pool.apply(nestedUnclonable)).rejects.toThrow('Cannot return result.items[1].f from task "nestedUnclonable" as it cannot be cloned');
    expect(await pool.apply(square, [3])).toBe(9);
  });

  it("fails a task whose argument cannot be sent, and keeps the worker", async () => {
    const lost = pool.stats().lost;
    await expect(pool.apply(square, [(() => {}) as never])).rejects.toThrow(/^Cannot send arguments\[0\] to Pool-\d+-\d+ as it cannot be cloned/);
    await expect(pool.map(square, [1, (() => {}) as never])).rejects.toThrow(/^Cannot send items\[1\]/);
    expect(await pool.apply(square, [3])).toBe(9);
    expect(pool.stats()).toMatchObject({ workers: 2, lost });
  });

  it("refuses a plain function, saying how to make a task", async () => {
    await expect(pool.apply(((n: number) => n) as never, [1] as never)).rejects.toThrow(/export const f = task\(import\.meta/);
  });

  it("passes on what importing the task's module throws, and keeps the worker", async () => {
    process.env["INTERLOCK_THROW_ON_IMPORT"] = "1";
    try {
      const own = new Pool({ backend, size: 1 });
      await expect(own.apply(unreachable)).rejects.toThrow(new SyntaxError("this module cannot be imported"));
      expect(await own.apply(square, [3])).toBe(9);
      await own.terminate();
    } finally {
      delete process.env["INTERLOCK_THROW_ON_IMPORT"];
    }
  });

  it("reports progress, at the end at least", async () => {
    const reports: number[] = [];
    await pool.map(square, [1, 2, 3, 4], { onProgress: ({ done }) => reports.push(done) });
    expect(reports.at(-1)).toBe(4);
  });

  it("rejects what is pending when terminated, and all work afterwards", async () => {
    const own = new Pool({ backend, size: 1 });
    const pending = own.map(square, [1, 2, 3], { chunkSize: 1 });
    const rejected = expect(pending).rejects.toThrow(PoolClosedError);
    await own.terminate();
    await rejected;
    await expect(own.apply(square, [1])).rejects.toThrow(PoolClosedError);
  });

  it("joins after close, when all work is done", async () => {
    const own = new Pool({ backend, size: 2 });
    const results = own.map(square, [1, 2, 3]);
    await expect(own.join()).rejects.toThrow(/still running/);
    own.close();
    await own.join();
    expect(await results).toEqual([1, 4, 9]);
  });
});

it("a pool of threads shares core objects", async () => {
  const counter = new Value("int32", 0);
  const pool = new Pool({ size: 3 });
  try {
    await Promise.all([1, 2, 3].map(() => pool.apply(addLocked, [counter, 2000])));
    expect(counter.value).toBe(6000);
  } finally {
    await pool.terminate();
  }
});
