import { Pool, WorkerLostError } from "@interlock/pool";
import { afterEach, describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { later } from "./fixtures/later.ts";
import { makeNotes, notesIn } from "./fixtures/notes.ts";
import { endSoon, failToInitialize, keep, keepMegabytes, kept, leaveInterval, workerOf } from "./fixtures/pool-tasks.ts";
import { square } from "./fixtures/tasks.ts";

describe.each(BACKENDS)("backend %s", (backend) => {
  let pool: Pool;
  afterEach(() => pool.terminate());

  const POLL = { timeout: 15_000, interval: 10 };

  describe("maxTasksPerWorker", () => {
    it.each([undefined, 1, 4, 100])("counts calls, with chunks of %s", async (chunkSize) => {
      pool = new Pool({ backend, size: 2, maxTasksPerWorker: 10 });
      const ids = await pool.map(workerOf, Array.from({ length: 60 }), chunkSize === undefined ? {} : { chunkSize });
      const calls = new Map<number, number>();
      for (const id of ids) calls.set(id, (calls.get(id) ?? 0) + 1);
      expect(Math.max(...calls.values())).toBeLessThanOrEqual(10);
      await expect.poll(() => pool.stats(), POLL).toMatchObject({ workers: 2, lost: 0 });
    });

    it("ends a worker whose task left something behind that keeps it", async () => {
      pool = new Pool({ backend, size: 1, maxTasksPerWorker: 1 });
      for (let i = 0; i < 3; i++) await pool.apply(leaveInterval);
      await expect.poll(() => pool.stats().workers, POLL).toBe(1);
    });
  });

  describe("maxMemoryPerWorker", () => {
    it("replaces a worker that keeps more, once it has done what it has", async () => {
      pool = new Pool({ backend, size: 1, maxMemoryPerWorker: 64 << 20 });
      const first = await pool.apply(keepMegabytes, [80]);
      await later(150);
      // The worker tells how much it keeps when it has run the next.
      await expect.poll(() => pool.apply(workerOf, [0]), POLL).not.toBe(first);
      expect(pool.stats().lost).toBe(0);
    });
  });

  describe("idleTimeout", () => {
    it("ends workers that have nothing to do, and those that never had; the next call starts one", async () => {
      pool = new Pool({ backend, size: 4, idleTimeout: 50 });
      expect(await pool.apply(square, [2])).toBe(4);
      await expect.poll(() => pool.stats().workers, POLL).toBe(0);
      expect(await pool.apply(square, [3])).toBe(9);
      expect(pool.stats()).toMatchObject({ lost: 0 });
    });
  });

  describe("an initializer", () => {
    it("runs before all calls of its worker, which share its state", async () => {
      pool = new Pool({ backend, size: 2, initializer: keep, initArgs: [{ deep: [1] }] });
      expect(await Promise.all([1, 2, 3, 4].map(() => pool.apply(kept)))).toEqual(Array(4).fill({ deep: [1] }));
    });

    it("that fails is tried three times, and then the pool fails with its error", async () => {
      const attempts = makeNotes();
      pool = new Pool({ backend, size: 1, initializer: failToInitialize, initArgs: [attempts] });
      const calls = [pool.apply(square, [1]), pool.map(square, [1, 2, 3])];
      for (const end of await Promise.allSettled(calls)) {
        expect(end).toMatchObject({ status: "rejected", reason: { name: "RangeError", message: "not today", code: "E_TODAY" } });
      }
      await expect(pool.apply(square, [1])).rejects.toThrow(RangeError);
      await later(100);
      expect(notesIn(attempts)).toHaveLength(3);
    });

    it("that leaves something behind which ends every worker at once fails the pool", async () => {
      const starts = makeNotes();
      pool = new Pool({ backend, size: 1, initializer: endSoon, initArgs: [starts] });
      await expect(pool.apply(square, [1])).rejects.toThrow(WorkerLostError);
      await expect(pool.apply(square, [1])).rejects.toMatchObject({ exitCode: 3 });
      expect(notesIn(starts).length).toBeLessThanOrEqual(3);
    });

    it("whose argument cannot be cloned is refused, with its path", () => {
      pool = new Pool({ backend, size: 1 });
      for (const [value, received] of [
        [() => 1, "function (anonymous)"],
        [new WeakMap(), "WeakMap"],
      ] as const) {
        expect(() => new Pool({ backend, size: 1, initializer: keep, initArgs: [{ a: [value] }] })).toThrow(
          new TypeError(`Cannot send initArgs[0].a[0] to the workers of a pool as it cannot be cloned: received ${received}`),
        );
      }
    });
  });
});
