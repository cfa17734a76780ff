import { Atomic, Barrier, RawArray, SharedArray, Value } from "@interlock/core";
import { type Task, Thread } from "@interlock/pool";
import { expect, it } from "vitest";
import { account, addUnderLock, cell, change, readPatterns, readWhole, writePatterns, writeWhole } from "./fixtures/array-tasks.ts";

function start<A extends readonly unknown[], R>(fn: Task<A, R>, ...args: A): Promise<R> {
  const thread = new Thread(fn, args);
  thread.start();
  return thread.result();
}

it("threads see the arrays and structs that they are given, and change them", async () => {
  const raw = new RawArray("float64", 2);
  const ledger = new SharedArray(account, 2);
  const record = new Value(account).value;
  expect(await start(change, raw, ledger, record)).toEqual([2, 7, record.toJSON()]);
  expect([...raw]).toEqual([0, 2.5]);
  expect(ledger.get(1).toJSON()).toEqual({ deposits: 0, balance: 0, last: { by: 7, amount: -1n } });
});

it("threads lose nothing while they hold the lock", async () => {
  const [threads, times] = [3, 300];
  const barrier = new Barrier(threads);
  const counts = new SharedArray("int32", 4);
  const ledger = new SharedArray(account, 3);
  const total = new Value(account);
  await Promise.all(Array.from({ length: threads }, (_, i) => start(addUnderLock, barrier, counts, ledger, total, i, times)));
  const all = threads * times;
  expect([...counts]).toEqual([all / 4 + all, ...Array<number>(3).fill(all / 4 + all)]);
  for (const { deposits, balance, last } of ledger) {
    expect([deposits, balance, last.amount]).toEqual([all / 3, all / 6, BigInt(all)]);
    expect(last.by).toBeLessThan(threads);
  }
  expect([total.value.deposits, total.value.balance, total.value.last.amount]).toEqual([all, all / 2, 3n * BigInt(all)]);
});

it("threads see no 64-bit field or element half-written, without the lock", async () => {
  const stop = new Atomic("bool");
  const [value, cells, floats] = [new Value(cell), new SharedArray(cell, 2), new SharedArray("float64", 2)];
  const writer = start(writePatterns, stop, value, cells, floats);
  try {
    expect(await start(readPatterns, value, cells, floats, 20_000)).toBe(0);
  } finally {
    stop.store(true);
    await writer;
  }
});

it("threads that slice see all of an assignment, or nothing", async () => {
  const [barrier, stop] = [new Barrier(2), new Atomic("bool")];
  // Large enough for a copy to take as long as it takes to be disturbed.
  const array = new SharedArray("int32", 200_000);
  const [mixed] = await Promise.all([start(readWhole, barrier, stop, array, 60), start(writeWhole, barrier, stop, array)]);
  expect(mixed).toBe(0);
});
