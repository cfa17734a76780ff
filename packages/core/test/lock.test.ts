import { AbandonedLockError, DeadlockError, Lock, LockStateError, TimeoutError } from "@interlock/core";
import { describe, expect, it } from "vitest";

describe("Lock", () => {
  it("is held by one, and free after release", () => {
    const lock = new Lock();
    expect(lock.acquire()).toBe(lock);
    expect([lock.locked, lock.held]).toEqual([true, true]);
    expect(lock.tryAcquire()).toBe(false);
    lock.release();
    expect([lock.locked, lock.held, lock.owner]).toEqual([false, false, undefined]);
  });

  it("refuses a release when it is free", () => {
    expect(() => new Lock().release()).toThrow(new LockStateError("Cannot release Lock as it is not held"));
  });

  it("throws DeadlockError instead of hanging when its owner blocks on it", () => {
    const lock = new Lock();
    lock.acquire();
    expect(() => lock.acquire()).toThrow(DeadlockError);
    lock.release();
  });

  it("refuses a timeout that is no number of milliseconds", () => {
    const lock = new Lock();
    expect(() => lock.acquire({ timeout: Number.NaN })).toThrow(RangeError);
    expect(() => lock.acquire({ timeout: "1" as never })).toThrow(TypeError);
  });

  it("grants async waiters of one thread in the order they came", async () => {
    const lock = new Lock();
    const order: number[] = [];
    await lock.acquireAsync();
    const waiters = [1, 2, 3].map((n) =>
      lock.runAsync(() => {
        order.push(n);
      }),
    );
    lock.release();
    await Promise.all(waiters);
    expect(order).toEqual([1, 2, 3]);
  });

  it("times out an async waiter close to its deadline", async () => {
    const lock = new Lock();
    lock.acquire();
    const started = performance.now();
    await expect(lock.acquireAsync({ timeout: 20 })).rejects.toThrow(TimeoutError);
    expect(performance.now() - started).toBeGreaterThanOrEqual(19);
    expect(performance.now() - started).toBeLessThan(1000);
    lock.release();
    expect(lock.tryAcquire()).toBe(true);
  });

  it("rejects an aborted waiter with the signal's reason, and lets the next one in", async () => {
    const lock = new Lock();
    lock.acquire();
    const abort = new AbortController();
    const first = lock.acquireAsync({ signal: abort.signal });
    const second = lock.acquireAsync();
    abort.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    lock.release();
    expect(await second).toBe(lock);
    lock.release();
  });

  it("cannot be posted without its handle", () => {
    expect(() => structuredClone(new Lock())).toThrow(/post its \.handle/);
  });

  it("is the same lock when attached", () => {
    const lock = new Lock();
    const other = Lock.attach(structuredClone(lock.handle));
    lock.acquire();
    expect(other.tryAcquire()).toBe(false);
    other.release();
    expect(lock.locked).toBe(false);
    expect(AbandonedLockError.name).toBe("AbandonedLockError");
  });
});
