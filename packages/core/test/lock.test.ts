import { AbandonedLockError, DeadlockError, Lock, LockStateError, RLock, RWLock, TimeoutError } from "@interlock/core";
import { describe, expect, it } from "vitest";
import { posted } from "./posted.ts";

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
    expect(performance.now() - started).toBeLessThan(5000);
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

  it("serves the tasks of a thread in their order, also if one would take it again at once", async () => {
    for (const lock of [new Lock(), new RLock(), new RWLock().writeLock]) {
      await lock.acquireAsync();
      const served: string[] = [];
      const waiting = lock.acquireAsync().then(() => served.push("the one that waited"));
      lock.release();
      const abort = new AbortController();
      const later = lock.acquireAsync({ signal: abort.signal }).then(
        () => served.push("the one that came later"),
        () => served.push("nobody"),
      );
      await Promise.race([waiting, later]);
      expect(served).toEqual(["the one that waited"]);
      abort.abort();
      await later;
      expect(served).toEqual(["the one that waited", "nobody"]);
      lock.release();
    }
  });

  it("cannot be posted without its handle", () => {
    expect(() => structuredClone(new Lock())).toThrow(/post its \.handle/);
  });

  it("is the same lock when attached", () => {
    const lock = new Lock();
    const other = Lock.attach(posted(lock.handle));
    lock.acquire();
    expect(other.tryAcquire()).toBe(false);
    other.release();
    expect(lock.locked).toBe(false);
    expect(AbandonedLockError.name).toBe("AbandonedLockError");
  });

  it("refuses options, a signal and a memory of the wrong type, and takes nothing", async () => {
    const lock = new Lock();
    expect(() => lock.acquire(5 as never)).toThrow("Cannot acquire Lock as its options must be an object, such as { timeout: 100 }: received number");
    await expect(lock.acquireAsync({ signal: { aborted: false } as never })).rejects.toThrow(
      "Cannot acquire Lock as 'signal' must be an AbortSignal: received object",
    );
    expect(lock.locked).toBe(false);
    expect(() => new Lock({ memory: 5 as never })).toThrow(/'memory' must be a Memory, such as another object's \.memory: received 5$/);
  });

  it("rejects its async waiters if the engine's wait fails, and works on", async () => {
    const { memory } = new Lock();
    let calls = 0;
    const waitAsync = (): Promise<never> => Promise.reject(new Error(`planned ${++calls}`));
    const lock = new Lock({
      memory: { ...memory, allocate: (bytes: number, align?: number) => memory.allocate(bytes, align), waiter: { ...memory.waiter, waitAsync } } as never,
    });
    lock.acquire();
    for (const message of ["planned 1", "planned 2"]) await expect(lock.acquireAsync()).rejects.toThrow(message);
    lock.release();
    expect(await lock.acquireAsync()).toBe(lock);
  });
});
