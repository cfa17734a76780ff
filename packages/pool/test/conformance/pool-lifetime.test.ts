import { Pool, PoolClosedError } from "@interlock/pool";
import { describe, expect, it } from "vitest";
import { BACKENDS } from "../fixtures/backends.ts";
import { Counted } from "../fixtures/counted.ts";
import { runProgram } from "../fixtures/run-program.ts";
import { ownPool, range, SIZE, squares } from "./pool-support.ts";
import { nap, recall, remember, sqr, workerOf } from "./pool-tasks.ts";
import { forbidRescues, sleep, WAKE } from "./support.ts";

forbidRescues();

describe.each(BACKENDS)("%s", (backend) => {
  it("_TestPool.test_make_pool", async () => {
    for (const size of [-1, 0]) expect(() => new Pool({ backend, size })).toThrow(RangeError);
    const pool = ownPool({ backend, size: 3 });
    expect(pool.size).toBe(3);
    expect(pool.stats().workers).toBe(3);
    pool.close();
    await pool.join();
  });

  it("_TestPool.test_terminate", async () => {
    const pool = ownPool({ backend, size: SIZE });
    const pending = pool.map(nap, Array(10_000).fill(60_000), { chunkSize: 1 });
    const refused = expect(pending).rejects.toThrow(PoolClosedError);
    await sleep(200);
    const started = performance.now();
    await pool.terminate();
    await pool.join();
    expect(performance.now() - started).toBeLessThan(WAKE);
    await refused;
  });

  it("_TestPool.test_context", async () => {
    const pool = ownPool({ backend, size: 2 });
    // What `await using` does at the end of its block.
    const results = pool.map(sqr, range(20));
    expect(await results).toEqual(squares(20));
    await pool[Symbol.asyncDispose]();
    await expect(pool.map(sqr, range(20))).rejects.toThrow(PoolClosedError);
  });

  it("_TestPool.test_enter", async () => {
    const pool = ownPool({ backend, size: 1 });
    await pool[Symbol.asyncDispose]();
    await pool.join();
    // `using` asks nothing of what it is given: the first call is refused.
    await expect(pool.apply(sqr, [2])).rejects.toThrow(PoolClosedError);
    await pool[Symbol.asyncDispose]();
  });

  it("_TestPoolWorkerLifetime.test_pool_worker_lifetime", async () => {
    const pool = ownPool({ backend, size: 3, maxTasksPerWorker: 10 });
    const calls = await Promise.all(range(100).map((x) => pool.apply(workerOf, [x])));
    expect(calls.map(([square]) => square)).toEqual(squares(100));
    const given = new Map<number, number>();
    for (const [, id] of calls) given.set(id, (given.get(id) ?? 0) + 1);
    for (const count of given.values()) expect(count).toBeLessThanOrEqual(10);
    expect(given.size).toBeGreaterThanOrEqual(10);
    // Others have replaced them: no place is empty.
    await expect.poll(() => pool.stats().workers, { timeout: WAKE }).toBe(3);
    expect(pool.stats().lost).toBe(0);
    expect(await pool.apply(sqr, [3])).toBe(9);
  });

  it("_TestPoolWorkerLifetime.test_pool_worker_lifetime_early_close", async () => {
    const pool = ownPool({ backend, size: 3, maxTasksPerWorker: 1 });
    const results = range(6).map((x) => pool.apply(sqr, [x, 300]));
    pool.close();
    await pool.join();
    expect(await Promise.all(results)).toEqual(squares(6));
  });

  it("_TestPoolWorkerLifetime.test_pool_maxtasksperchild_invalid", () => {
    for (const bad of [0, -1, 0.5]) expect(() => new Pool({ backend, size: 1, maxTasksPerWorker: bad })).toThrow(RangeError);
    expect(() => new Pool({ backend, size: 1, maxTasksPerWorker: "12" as never })).toThrow(TypeError);
  });

  it("_TestPoolWorkerLifetime.test_worker_finalization_via_atexit_handler_of_multiprocessing", async () => {
    expect(await runProgram("idle-pool-ends", { BACKEND: backend })).toMatchObject({ status: 0, stdout: expect.stringMatching(/1, 4, 9/), stderr: "" });
  });

  it("TestInitializers.test_pool_initializer", async () => {
    expect(() => new Pool({ backend, size: 1, initializer: 1 as never })).toThrow(TypeError);
    const pool = ownPool({ backend, size: 1, initializer: remember, initArgs: [1729] });
    expect(await pool.apply(recall)).toBe(1729);
  });

  it("TestPoolNotLeakOnFailure.test_release_unused_processes", async () => {
    const workers = new Counted(backend);
    workers.before = () => {
      if (workers.made === 3) throw new RangeError("no more workers");
    };
    expect(() => new Pool({ size: 5, ...workers.options })).toThrow(new RangeError("no more workers"));
    await expect.poll(() => workers.living, { timeout: WAKE }).toBe(0);
    expect(workers.made).toBe(3);
  });

  it("MiscTestCase.test_large_pool", async () => {
    const pool = ownPool({ backend, size: backend === "thread" ? 16 : 8 });
    expect((await pool.map(sqr, range(1000))).reduce((sum, square) => sum + square, 0)).toBe(332_833_500);
  });

  it("TestNoForkBomb.test_noforkbomb", async () => {
    const { status, stdout } = await runProgram("unguarded", { KIND: "Pool", BACKEND: backend });
    expect(stdout).toMatch(/^main\nmain\nTypeError: Cannot create Pool as this code runs in a worker, outside its tasks/);
    expect(status).toBe(0);
  });
});
