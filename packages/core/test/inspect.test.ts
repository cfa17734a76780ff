import { Barrier, Condition, Event, inspect, Lock, RWLock, Semaphore, Value } from "@interlock/core";
import { describe, expect, it } from "vitest";

const nobody = { owner: undefined, since: undefined, waiters: 0 };

describe("inspect", () => {
  it("names the owner, and tells since when it keeps others waiting, and how many threads", async () => {
    const lock = new Lock();
    expect(inspect(lock)).toEqual(nobody);
    lock.acquire();
    expect(inspect(lock)).toMatchObject({ owner: { name: "main", alive: true }, since: undefined, waiters: 0 });
    const before = Date.now();
    const waits = [lock.acquireAsync(), lock.acquireAsync()];
    const { since, waiters } = inspect(lock);
    expect(since?.getTime()).toBeGreaterThanOrEqual(before);
    expect(since?.getTime()).toBeLessThanOrEqual(Date.now());
    expect(waiters).toBe(1);
    lock.release();
    await waits[0];
    // The new owner keeps the second waiting, which has found that out.
    expect(inspect(lock).since?.getTime()).toBeGreaterThanOrEqual(before);
    lock.release();
    await waits[1];
    lock.release();
    expect(inspect(lock).owner).toBe(undefined);
  });

  it("takes everything that threads wait for", () => {
    const value = new Value("int32");
    value.run(() => expect(inspect(value).owner?.name).toBe("main"));
    const { readLock, writeLock } = new RWLock();
    writeLock.run(() => expect(inspect(readLock).owner?.name).toBe("main"));
    for (const one of [new Semaphore(), new Event(), new Barrier(2), new Condition(), writeLock]) expect(inspect(one)).toEqual(nobody);
  });
});
