import { type Backend, Pool, WorkerLostError } from "@interlock/pool";
import { afterEach, describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { expectBest } from "./fixtures/best-of-ten.ts";
import { Counted } from "./fixtures/counted.ts";
import { byteLengths, exit, settleAfterAbort, sleep, square } from "./fixtures/tasks.ts";

let pool: Pool | undefined;
afterEach(() => pool?.terminate());

describe.each(BACKENDS)("a pool on the backend %s", (backend) => {
  it("has never more workers than its size, also while aborted tasks have not settled", async () => {
    const workers = new Counted(backend);
    pool = new Pool({ size: 1, ...workers.options });
    for (let i = 0; i < 3; i++) {
      const abort = new AbortController();
      const aborted = pool.apply(sleep, [60_000], { signal: abort.signal });
      await pool.apply(square, [1], { signal: AbortSignal.timeout(i * 20) }).catch(() => {});
      let turned = false;
      setImmediate(() => {
        turned = true;
      });
      abort.abort(new Error("enough"));
      await expect(aborted).rejects.toThrow("enough");
      // The caller does not wait for the worker: it hears of it within the same turn.
      expect(turned).toBe(false);
    }
    expect(await pool.map(square, [1, 2, 3])).toEqual([1, 4, 9]);
    expect(workers.most).toBe(1);
  });

  it("keeps a worker whose aborted task settles in time", async () => {
    const workers = new Counted(backend);
    const one = new Pool({ size: 1, ...workers.options });
    pool = one;
    await one.apply(square, [1]);
    expect(workers.made).toBe(1);
    // The machine may stop a worker for all of the time that its task has.
    await expectBest({ below: 1, always: 2 }, async () => {
      const { made } = workers;
      const abort = new AbortController();
      const aborted = one.apply(settleAfterAbort, [30], { signal: abort.signal, onReport: () => abort.abort(new Error("enough")) });
      await expect(aborted).rejects.toThrow("enough");
      expect(await one.apply(square, [3])).toBe(9);
      return workers.made - made;
    });
  });

  it("joins although an aborted task never settles", async () => {
    pool = new Pool({ backend, size: 1 });
    const abort = new AbortController();
    const aborted = pool.apply(settleAfterAbort, [60_000], { signal: abort.signal, onReport: () => abort.abort(new Error("enough")) });
    await expect(aborted).rejects.toThrow("enough");
    pool.close();
    await pool.join();
  });

  it("moves with each chunk what occurs in its items", async () => {
    pool = new Pool({ backend, size: 2 });
    const items = [1, 2, 3, 4].map((n) => ({ view: new Uint8Array(n), list: [new ArrayBuffer(n)] }));
    const transfer = items.flatMap(({ view, list }) => [view.buffer, ...list]);
    expect(await pool.map(byteLengths, items, { chunkSize: 1, transfer })).toEqual([2, 4, 6, 8]);
    // Processes get copies.
    if (backend === "thread") expect(transfer.map((buffer) => buffer.byteLength)).toEqual(Array(8).fill(0));
  });

  it("says so when a worker cannot be made, and leaves none over", async () => {
    const workers = new Counted(backend);
    workers.before = () => {
      if (workers.made === 1) throw new Error("no more");
    };
    expect(() => new Pool({ size: 2, ...workers.options })).toThrow("no more");
    await expect.poll(() => workers.living, { timeout: 5000 }).toBe(0);
  });

  it("gives the next task the error when a lost worker cannot be replaced, and tries again after that", async () => {
    let broken = false;
    const workers = new Counted(backend);
    workers.before = () => {
      if (broken) throw new Error("no more");
    };
    pool = new Pool({ size: 1, ...workers.options });
    await pool.apply(square, [1]);
    broken = true;
    await expect(pool.apply(exit, [3])).rejects.toThrow(WorkerLostError);
    await expect(pool.apply(square, [2])).rejects.toThrow("no more");
    broken = false;
    expect(await pool.apply(square, [3])).toBe(9);
  });
});

describe("a backend that throws instead of rejecting", () => {
  it("fails the task, and keeps its slot free", async () => {
    let calls = 0;
    const backend: Backend = {
      name: "mine",
      sharesMemory: true,
      slots: 1,
      run(batch) {
        if (++calls === 1) throw new Error("not now");
        return Promise.resolve(Array.from(batch.items, () => ({ ok: true, value: "mine" })));
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
    pool = new Pool({ backend });
    await expect(pool.apply(square, [1])).rejects.toThrow("not now");
    expect(await pool.apply(square, [1])).toBe("mine");
  });
});
