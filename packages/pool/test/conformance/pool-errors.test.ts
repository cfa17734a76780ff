import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { BACKENDS } from "../fixtures/backends.ts";
import { ownPool, range, SayWhenError, SIZE, sharedPool, throwingSource } from "./pool-support.ts";
import { identity, raiseLarge, raising, sqr, unsendable, workerOf } from "./pool-tasks.ts";
import { forbidRescues } from "./support.ts";

forbidRescues();

describe.each(BACKENDS)("%s", (backend) => {
  const pool = sharedPool(backend);

  const thrownBy = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => "nothing",
      (error: unknown) => error,
    );

  it("_TestPool.test_map_unplicklable", async () => {
    const throws = {
      get bad(): never {
        throw new SayWhenError("cannot be read");
      },
    };
    await expect(pool().map(identity, Array(10).fill(throws))).rejects.toThrow("cannot be read");
    const code = { list: [1, () => 1] };
    await expect(pool().map(identity, Array(10).fill(code))).rejects.toThrow(/^Cannot send items\[0\]\.list\[1\] to .* as it cannot be cloned/);
    expect(await pool().map(identity, [{ good: 1 }])).toEqual([{ good: 1 }]);
  });

  it("_TestPool.test_traceback", async () => {
    const error = (await thrownBy(pool().apply(raising))) as TypeError & { key: number };
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ message: "key", key: 123, cause: { message: "why" } });
    // The stack is the worker's, and is what is printed if nobody catches the error.
    for (const text of [error.stack, inspect(error)]) expect(text).toContain("pool-tasks.ts");

    const source = (await thrownBy(pool().map(sqr, throwingSource(1, -1), { chunkSize: 1 }))) as Error;
    expect(source).toBeInstanceOf(SayWhenError);
    expect(source.cause).toBeUndefined();
    expect(source.stack).not.toContain("pool-tasks.ts");
  });

  it("_TestPool.test_wrapped_exception", async () => {
    await expect(pool().apply(raising)).rejects.toThrow(TypeError);
  });

  it("_TestPool.test_map_no_failfast", async () => {
    const own = ownPool({ backend, size: SIZE });
    await own.map(sqr, range(SIZE), { chunkSize: 1 });
    const started = performance.now();
    await expect(own.map(raiseLarge, [0, 1000], { chunkSize: 1 })).rejects.toThrow(RangeError);
    expect(performance.now() - started).toBeGreaterThan(900);
    own.close();
    await own.join();
  });

  it("_TestPoolWorkerErrors.test_async_error_callback", async () => {
    const errors: unknown[] = [];
    const result = pool().apply(raising);
    const told = result.then(undefined, (error: unknown) => errors.push(error));
    await expect(result).rejects.toThrow(TypeError);
    await told;
    expect(errors).toEqual([await thrownBy(result)]);
  });

  it("_TestPoolWorkerErrors.test_unpickleable_result", async () => {
    const own = ownPool({ backend, size: 2 });
    const workers = async (): Promise<Set<number>> => new Set((await own.map(workerOf, range(20), { chunkSize: 1 })).map(([, id]) => id));
    for (let i = 0; i < 20; i++) {
      await expect(own.apply(unsendable)).rejects.toThrow(/^Cannot return result from task "unsendable" as it cannot be cloned: received function/);
    }
    expect(own.stats()).toMatchObject({ workers: 2, lost: 0, failed: 20 });
    for (const id of await workers()) expect(id).toBeLessThan(2);
  });
});
