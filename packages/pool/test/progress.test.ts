import { Queue, SharedArray } from "@interlock/core";
import { type ImapOptions, Pool, PoolClosedError, type ProgressReport, type Task } from "@interlock/pool";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { later } from "./fixtures/later.ts";
import { squareButThree } from "./fixtures/pool-tasks.ts";
import { half } from "./fixtures/target-tasks.ts";
import { exit, sleep, square } from "./fixtures/tasks.ts";

let pool: Pool;
beforeAll(() => {
  pool = new Pool({ size: 2 });
});
afterAll(() => pool.terminate());

/** A listener that keeps what it hears. */
function listen(): { readonly reports: ProgressReport[]; readonly onProgress: (report: ProgressReport) => void } {
  const reports: ProgressReport[] = [];
  return { reports, onProgress: (report) => void reports.push(report) };
}

function* upTo(end: number): Generator<number> {
  for (let n = 1; n <= end; n++) yield n;
}

/** Takes all results, those after an error too, and throws the first error. */
async function drain(results: AsyncIterator<unknown>): Promise<void> {
  const errors: unknown[] = [];
  for (let done: boolean | undefined = false; !done; ) {
    await results.next().then(
      (result) => {
        done = result.done;
      },
      (error: unknown) => errors.push(error),
    );
  }
  if (errors.length > 0) throw errors[0];
}

type Run = (task: Task<[number], unknown>, items: Iterable<number>, options: ImapOptions) => Promise<unknown>;
const forms: readonly [string, Run][] = [
  ["map", (task, items, options) => pool.map(task, items, options)],
  [
    "starmap",
    (task, items, options) =>
      pool.starmap(
        task,
        Array.from(items, (n): [number] => [n]),
        options,
      ),
  ],
  ["imap", (task, items, options) => drain(pool.imap(task, items, options))],
  ["imapUnordered", (task, items, options) => drain(pool.imapUnordered(task, items, options))],
];

describe.each(forms)("progress of %s", (_, run) => {
  it("is reported at the beginning, and once at the end", async () => {
    const { reports, onProgress } = listen();
    await run(square, [1, 2, 3, 4], { onProgress });
    expect(reports[0]).toEqual({ done: 0, failed: 0, total: 4, rate: 0, eta: undefined, ended: false });
    expect(reports.at(-1)).toEqual({ done: 4, failed: 0, total: 4, rate: expect.any(Number), eta: 0, ended: true });
    expect(reports.filter(({ ended }) => ended).length).toBe(1);
  });

  it("is reported every 50 ms at most, with a rate and what is left", async () => {
    const { reports, onProgress } = listen();
    const started = performance.now();
    await run(sleep, Array(80).fill(10), { onProgress, chunkSize: 1 });
    const took = performance.now() - started;
    expect(took).toBeLessThan(5000);
    expect(reports.length).toBeGreaterThanOrEqual(4);
    expect(reports.length).toBeLessThanOrEqual(took / 50 + 2);
    for (const { done, rate, eta, total } of reports.slice(1, -1)) {
      expect(done).toBeGreaterThan(0);
      expect(rate).toBeLessThanOrEqual((2000 / 10) * 1.1);
      expect(eta).toBeCloseTo(((total as number) - done) / rate);
    }
  });

  it("tells what failed", async () => {
    const { reports, onProgress } = listen();
    await expect(run(squareButThree, [1, 2, 3, 4], { onProgress, failFast: false })).rejects.toThrow("three");
    expect(reports.at(-1)).toMatchObject({ done: 4, failed: 1, total: 4, ended: true });
  });

  it.each([1, 1000])("ends with the first error where it fails fast, of %i items", async (count) => {
    const { reports, onProgress } = listen();
    const items = Array.from({ length: count }, (_, i) => i + 3);
    await expect(run(squareButThree, items, { onProgress, failFast: true, chunkSize: 1 })).rejects.toThrow("three");
    const { length } = reports;
    const { done, failed, total, ended } = reports.at(-1) as ProgressReport;
    expect({ failed, total, ended }).toEqual({ failed: 1, total: count, ended: true });
    expect(done).toBeGreaterThan(0);
    await later(60);
    expect(reports.length).toBe(length);
  });

  it("ends when it is aborted", async () => {
    const { reports, onProgress } = listen();
    const abort = new AbortController();
    const running = run(sleep, Array(1000).fill(5), { onProgress, signal: abort.signal });
    setTimeout(() => abort.abort(new Error("enough")), 80);
    await expect(running).rejects.toThrow("enough");
    const { length } = reports;
    expect(reports.at(-1)).toMatchObject({ total: 1000, ended: true });
    await later(60);
    expect(reports.length).toBe(length);
  });

  it("ends when its listener aborts it", async () => {
    const { reports, onProgress } = listen();
    const abort = new AbortController();
    const running = run(sleep, Array(1000).fill(5), {
      signal: abort.signal,
      onProgress: (report) => {
        onProgress(report);
        if (report.done > 10) abort.abort(new Error("too slow"));
      },
    });
    await expect(running).rejects.toThrow("too slow");
    expect(reports.filter(({ ended }) => ended).length).toBe(1);
    expect(reports.at(-1)?.ended).toBe(true);
  });

  it("is not reported to a listener that has thrown", async () => {
    let calls = 0;
    const onProgress = (): void => {
      if (++calls === 2) throw new RangeError("a bad listener");
    };
    await expect(run(sleep, Array(100).fill(5), { onProgress })).rejects.toThrow("a bad listener");
    await later(60);
    expect(calls).toBe(2);
  });

  it("of nothing is its end", async () => {
    const { reports, onProgress } = listen();
    await run(square, [], { onProgress });
    expect(reports.at(-1)).toEqual({ done: 0, failed: 0, total: 0, rate: 0, eta: 0, ended: true });
  });
});

describe("progress of a map", () => {
  it("of typed and shared arrays counts their elements", async () => {
    for (const items of [Float64Array.from(upTo(50_000)), new SharedArray("float64", upTo(50_000))]) {
      const { reports, onProgress } = listen();
      await pool.map(half, items, { onProgress });
      expect(reports.at(-1)).toMatchObject({ done: 50_000, failed: 0, total: 50_000, ended: true });
    }
  });

  it("throws its own error, whatever the listener throws at the end", async () => {
    const onProgress = ({ ended }: ProgressReport): void => {
      if (ended) throw new TypeError("a bad listener");
    };
    await expect(pool.map(squareButThree, [1, 3], { onProgress, failFast: true })).rejects.toThrow("three");
    await expect(pool.map(square, [1, 3], { onProgress })).rejects.toThrow("a bad listener");
  });

  it.each(["thread", "process"] as const)("counts what a lost worker took along: %s", async (backend) => {
    const mortal = new Pool({ size: 1, backend });
    const { reports, onProgress } = listen();
    await expect(mortal.map(exit, [3], { onProgress })).rejects.toThrow();
    expect(reports.at(-1)).toMatchObject({ done: 1, failed: 1, total: 1, ended: true });
    await mortal.map(square, [1, 2, 3], { onProgress });
    expect(reports.at(-1)).toMatchObject({ done: 3, failed: 0, total: 3, ended: true });
    await mortal.terminate();
  });

  it("ends when its pool is terminated", async () => {
    const mortal = new Pool({ size: 1 });
    const { reports, onProgress } = listen();
    const running = expect(mortal.map(sleep, Array(100).fill(5), { onProgress })).rejects.toThrow(PoolClosedError);
    await later(20);
    await mortal.terminate();
    await running;
    expect(reports.at(-1)).toMatchObject({ total: 100, ended: true });
  });
});

describe.each(["imap", "imapUnordered"] as const)("progress of %s", (kind) => {
  it("has neither total nor what is left while the source has not ended", async () => {
    const { reports, onProgress } = listen();
    await drain(pool[kind](sleep, upTo(20), { onProgress, bufferSize: 4 }));
    for (const { done, total, eta, rate } of reports.slice(0, 2)) {
      expect([total, eta]).toEqual([undefined, undefined]);
      expect(rate > 0).toBe(done > 0);
    }
    expect(reports.at(-1)).toMatchObject({ done: 20, total: 20, eta: 0, ended: true });
  });

  it("does not take the size of a queue for the number of its items", async () => {
    const queue = new Queue<number>();
    for (const n of upTo(3)) queue.put(n);
    const { reports, onProgress } = listen();
    const results = pool[kind](square, queue, { onProgress });
    await results.next();
    for (const n of upTo(3)) queue.put(n);
    queue.close();
    await drain(results);
    expect(reports[0]?.total).toBe(undefined);
    expect(reports.at(-1)).toMatchObject({ done: 6, total: 6, ended: true });
  });

  it("knows no total where an iterable gives more than its length", async () => {
    const { reports, onProgress } = listen();
    const items = { length: 1, [Symbol.iterator]: () => upTo(20) };
    await drain(pool[kind](sleep, items, { onProgress, bufferSize: 2 }));
    expect(reports[0]?.total).toBe(1);
    for (const { done, total } of reports.slice(1)) expect(total).toSatisfy((value) => value === undefined || (value as number) >= done);
    expect(reports.at(-1)).toMatchObject({ done: 20, total: 20, ended: true });
  });

  it("begins when the first result is asked for, and ends when its loop is left", async () => {
    const { reports, onProgress } = listen();
    const results = pool[kind](square, [1, 2, 3, 4], { onProgress });
    await later(100);
    expect(reports.length).toBe(0);
    const started = performance.now();
    for await (const _ of results) break;
    const seconds = (performance.now() - started) / 1000;
    const { done, total, ended, rate } = reports.at(-1) as ProgressReport;
    expect([total, ended]).toEqual([4, true]);
    expect(done).toBeGreaterThan(0);
    expect(rate).toBeGreaterThanOrEqual(done / seconds);
  });

  it("ends when its source fails, and closes it when its listener does", async () => {
    const { reports, onProgress } = listen();
    function* broken(): Generator<number> {
      yield 1;
      throw new RangeError("no more");
    }
    await expect(drain(pool[kind](square, broken(), { onProgress }))).rejects.toThrow("no more");
    expect(reports.at(-1)).toMatchObject({ done: 1, total: undefined, ended: true });

    let closed = false;
    function* watched(): Generator<number> {
      try {
        yield* upTo(100);
      } finally {
        closed = true;
      }
    }
    const bad = (): never => {
      throw new TypeError("a bad listener");
    };
    await expect(drain(pool[kind](square, watched(), { onProgress: bad }))).rejects.toThrow("a bad listener");
    expect(closed).toBe(false); // it was not opened
    const badLater = ({ done }: ProgressReport): void => {
      if (done > 0) bad();
    };
    await expect(drain(pool[kind](sleep, watched(), { onProgress: badLater, bufferSize: 2 }))).rejects.toThrow("a bad listener");
    expect(closed).toBe(true);
  });
});
