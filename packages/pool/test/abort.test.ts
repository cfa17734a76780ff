import { TimeoutError } from "@interlock/core";
import { Pool, PoolClosedError } from "@interlock/pool";
import { afterEach, describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { expectBest } from "./fixtures/best-of-ten.ts";
import { block, later } from "./fixtures/later.ts";
import { set } from "./fixtures/marks.ts";
import { makeNotes, notesIn } from "./fixtures/notes.ts";
import { awaitAbort, note, noteUntil } from "./fixtures/pool-tasks.ts";
import { sleep, square } from "./fixtures/tasks.ts";

describe.each(BACKENDS)("backend %s", (backend) => {
  let pool: Pool;
  afterEach(() => pool.terminate());

  const ENOUGH = new RangeError("enough");

  describe("an abort", () => {
    it("before the call rejects it, and it never begins", async () => {
      pool = new Pool({ backend, size: 1 });
      const notes = makeNotes();
      const signal = AbortSignal.abort(ENOUGH);
      await expect(pool.apply(note, [notes, 0, 0], { signal })).rejects.toBe(ENOUGH);
      await expect(pool.map(square, [1], { signal })).rejects.toBe(ENOUGH);
      expect(() => pool.imap(square, [1], { signal })).toThrow(ENOUGH);
      await pool.apply(square, [1]);
      expect(notesIn(notes)).toEqual([]);
    });

    it("is heard of by the task, with its reason", async () => {
      pool = new Pool({ backend, size: 1 });
      await pool.apply(square, [1]);
      // A worker that the machine stops for all of the grace is lost, whatever it was about to say.
      await expectBest({ below: 1, always: 2 }, async () => {
        const before = pool.stats().lost;
        const notes = makeNotes();
        const abort = new AbortController();
        const call = pool.apply(awaitAbort, [notes], { signal: abort.signal, onReport: () => abort.abort(ENOUGH) });
        await expect(call).rejects.toBe(ENOUGH);
        // Longer than the grace.
        await later();
        const lost = pool.stats().lost - before;
        if (lost === 0) await expect.poll(() => notesIn(notes), { timeout: 5000 }).toEqual([String(ENOUGH)]);
        return lost;
      });
    });

    it("of a call that waits behind another costs neither the other nor their worker", async () => {
      pool = new Pool({ backend, size: 1 });
      const notes = makeNotes();
      await pool.apply(square, [1]);
      const enough = `${notes}-enough`;
      const running = pool.apply(noteUntil, [notes, 0, enough]);
      await expect.poll(() => notesIn(notes), { timeout: 5000 }).toEqual(["0"]);
      const abort = new AbortController();
      const waiting = pool.apply(note, [notes, 1, 0], { signal: abort.signal });
      await later(20);
      abort.abort(ENOUGH);
      await expect(waiting).rejects.toBe(ENOUGH);
      // Longer than the grace of the call that was aborted.
      await later();
      set(enough);
      expect(await running).toBe(0);
      expect(notesIn(notes)).toEqual(["0"]);
      expect(pool.stats().lost).toBe(0);
    });

    it("while the workers start does not count as a failure to start", async () => {
      pool = new Pool({ backend, size: 3 });
      const abort = new AbortController();
      const calls = [1, 2, 3].map(() => pool.apply(sleep, [1000], { signal: abort.signal }));
      const ends = Promise.allSettled(calls);
      await later(1);
      abort.abort(ENOUGH);
      expect((await ends).map(({ status }) => status)).toEqual(Array(3).fill("rejected"));
      // No worker can say that it is ready, while the grace of those calls runs out.
      block(150);
      expect(await pool.map(square, [1, 2, 3])).toEqual([1, 4, 9]);
    });

    it("leaves no listener on a signal that outlives its calls", async () => {
      pool = new Pool({ backend, size: 1 });
      const { signal } = new AbortController();
      let listeners = 0;
      const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
      signal.addEventListener = ((...args: Parameters<typeof add>) => {
        listeners++;
        add(...args);
      }) as never;
      signal.removeEventListener = ((...args: Parameters<typeof remove>) => {
        listeners--;
        remove(...args);
      }) as never;
      await pool.apply(square, [1], { signal });
      await pool.map(square, [1, 2], { signal });
      for await (const _ of pool.imap(square, [1, 2], { signal }));
      await later(20);
      expect(listeners).toBeLessThanOrEqual(0);
    });
  });

  describe("a timeout", () => {
    it("rejects with core's TimeoutError, and costs a deaf worker", async () => {
      pool = new Pool({ backend, size: 1 });
      await pool.apply(square, [1]);
      const started = performance.now();
      const error = await pool.apply(sleep, [60_000], { timeout: 50 }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(TimeoutError);
      expect(String(error)).toContain('Cannot finish task "sleep" as it ran for more than 50 ms');
      expect(performance.now() - started).toBeLessThan(5000);
      expect(await pool.apply(square, [3])).toBe(9);
      expect(pool.stats()).toMatchObject({ lost: 1, failed: 1 });
    });

    it("counts from the beginning of the run", async () => {
      pool = new Pool({ backend, size: 1 });
      const before = pool.apply(sleep, [2500]);
      expect(await pool.apply(square, [3], { timeout: 2000 })).toBe(9);
      await before;
    });

    it("is each item's own in a map, and an imap", async () => {
      pool = new Pool({ backend, size: 1 });
      expect(await pool.map(sleep, Array(4).fill(1100), { timeout: 4000 })).toHaveLength(4);
      const results: unknown[] = [];
      for await (const result of pool.imap(square, [1, 2], { timeout: 10_000 })) results.push(result);
      expect(results).toEqual([1, 4]);
    });

    it.each([Infinity, 2 ** 40])("of %d is none", async (timeout) => {
      pool = new Pool({ backend, size: 1, idleTimeout: timeout });
      await pool.apply(sleep, [50], { timeout });
      await later(50);
      expect(pool.stats()).toMatchObject({ workers: 1, lost: 0 });
    });
  });

  describe("terminate", () => {
    it("rejects what has not begun, which then never does", async () => {
      pool = new Pool({ backend, size: 1 });
      const notes = makeNotes();
      const ends = Promise.allSettled(Array.from({ length: 8 }, (_, i) => pool.apply(note, [notes, i, 10_000])));
      await expect.poll(() => notesIn(notes).length, { timeout: 15_000 }).toBeGreaterThan(0);
      await pool.terminate();
      expect((await ends).map((end) => (end as PromiseRejectedResult).reason instanceof PoolClosedError)).toEqual(Array(8).fill(true));
      const begun = notesIn(notes);
      await later();
      expect(notesIn(notes)).toEqual(begun);
      expect(pool.stats().workers).toBe(0);
    });
  });
});
