import { type Channel, subscribe, unsubscribe } from "node:diagnostics_channel";
import { Pool, type PoolEvents } from "@interlock/pool";
import { describe, expect, it, onTestFinished } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { exit, fail, square } from "./fixtures/tasks.ts";

type Name = keyof PoolEvents;

/** Listens while the test runs. */
function listen<K extends Name>(name: K, listener: (event: PoolEvents[K]) => void): void {
  const onMessage = (message: unknown): void => listener(message as PoolEvents[K]);
  subscribe(name, onMessage as Parameters<Channel["subscribe"]>[0]);
  onTestFinished(() => void unsubscribe(name, onMessage as Parameters<Channel["subscribe"]>[0]));
}

const names: readonly Name[] = [
  "interlock.pool.create",
  "interlock.pool.terminate",
  "interlock.pool.worker.start",
  "interlock.pool.worker.exit",
  "interlock.pool.batch.start",
  "interlock.pool.batch.end",
];

/** The events of one pool, in order. */
function record(pool: string): { readonly name: Name; readonly event: object }[] {
  const seen: { name: Name; event: object }[] = [];
  for (const name of names) listen(name, (event) => event.pool === pool && seen.push({ name, event }));
  return seen;
}

describe.each(BACKENDS)("backend %s", (backend) => {
  it("tells of a pool from its creation to the end of its workers", async () => {
    const seen = record("observed");
    const pool = new Pool({ backend, size: 1, name: "observed" });
    expect(await pool.map(square, [1, 2, 3], { chunkSize: 3 })).toEqual([1, 4, 9]);
    const sent = { pool: "observed", batch: 0, task: "square", module: square.module, count: 3 };
    await expect.poll(() => seen.length).toBe(4);
    expect(seen).toEqual([
      { name: "interlock.pool.worker.start", event: { pool: "observed", worker: "observed-1" } },
      { name: "interlock.pool.create", event: { pool: "observed", size: 1, backend } },
      { name: "interlock.pool.batch.start", event: sent },
      { name: "interlock.pool.batch.end", event: { ...sent, completed: 3, failed: 0, returned: 0, milliseconds: expect.any(Number) } },
    ]);
    seen.length = 0;
    pool.close();
    await pool.join();
    await pool.terminate();
    expect(seen).toMatchObject([
      { name: "interlock.pool.worker.exit", event: { worker: "observed-1" } },
      { name: "interlock.pool.terminate", event: { pool: "observed" } },
    ]);
  });

  it("tells of calls that throw or are lost, and of workers that end", async () => {
    const seen = record("failing");
    const pool = new Pool({ backend, size: 1, name: "failing" });
    await expect(pool.apply(fail, ["no"])).rejects.toThrow("no");
    await expect(pool.apply(exit, [3])).rejects.toThrow("exit code 3");
    expect(await pool.apply(square, [3])).toBe(9);
    await pool.terminate();
    const ends = seen.filter(({ name }) => name === "interlock.pool.batch.end").map(({ event }) => event as PoolEvents["interlock.pool.batch.end"]);
    expect(ends).toMatchObject([
      { batch: 0, task: "fail", completed: 0, failed: 1 },
      { batch: 1, task: "exit", completed: 0, failed: 1 },
      { batch: 2, task: "square", completed: 1, failed: 0 },
    ]);
    expect(seen.filter(({ name }) => name === "interlock.pool.worker.exit")).toMatchObject([{ event: { worker: "failing-1", code: 3 } }, { event: {} }]);
  });

  it("counts each call once, whoever runs it in the end", async () => {
    const counts = { count: 0, completed: 0, failed: 0, returned: 0 };
    const pool = new Pool({ backend, size: 2, name: "balanced" });
    listen("interlock.pool.batch.end", (event) => {
      if (event.pool !== "balanced") return;
      for (const key of Object.keys(counts) as (keyof typeof counts)[]) counts[key] += event[key];
      expect(event.milliseconds).toBeGreaterThanOrEqual(0);
    });
    await pool.map(square, Array(1000).fill(2));
    await expect.poll(() => counts.completed).toBe(1000);
    expect(counts.failed).toBe(0);
    expect(counts.count).toBe(counts.completed + counts.returned);
    await pool.terminate();
  });
});
