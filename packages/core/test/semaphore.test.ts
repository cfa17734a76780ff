import { attach, BoundedSemaphore, Semaphore, TimeoutError } from "@interlock/core";
import { describe, expect, it } from "vitest";
import { mayBlock } from "./may-block.ts";

describe("Semaphore", () => {
  it("counts permits, and lets nobody have more than there are", () => {
    const permits = new Semaphore(2);
    expect(permits.acquire()).toBe(permits);
    expect(permits.tryAcquire()).toBe(true);
    expect(permits.tryAcquire()).toBe(false);
    expect(permits.value).toBe(0);
    permits.release(2);
    permits.release();
    expect(permits.value).toBe(3);
  });

  it("takes several permits, all or none", () => {
    const permits = new Semaphore(3);
    expect(permits.tryAcquire({ permits: 2 })).toBe(true);
    expect(permits.tryAcquire({ permits: 2 })).toBe(false);
    expect(permits.value).toBe(1);
  });

  it.runIf(mayBlock)("times out, blocking", () => {
    const started = performance.now();
    expect(() => new Semaphore(0).acquire({ timeout: 20 })).toThrow(TimeoutError);
    expect(new Semaphore(0).tryAcquire({ timeout: 20 })).toBe(false);
    expect(performance.now() - started).toBeGreaterThanOrEqual(39);
  });

  it("times out, aborts, and wakes async waiters", async () => {
    const permits = new Semaphore(0);
    await expect(permits.acquireAsync({ timeout: 5 })).rejects.toThrow("Cannot acquire Semaphore as 5 ms passed");
    const controller = new AbortController();
    const aborted = expect(permits.acquireAsync({ signal: controller.signal })).rejects.toBe("enough");
    const waiting = permits.acquireAsync({ permits: 2 });
    controller.abort("enough");
    await aborted;
    permits.release(2);
    expect(await waiting).toBe(permits);
    expect(permits.value).toBe(0);
  });

  it("releases after run and runAsync, also after a throw", async () => {
    const permits = new Semaphore(1);
    expect(permits.run(() => permits.value)).toBe(0);
    await expect(permits.runAsync(() => Promise.reject(new Error("planned")))).rejects.toThrow("planned");
    expect(permits.value).toBe(1);
  });

  it.each([
    [() => new Semaphore(-1), RangeError, "Cannot create Semaphore as 'value' must be an integer >= 0: received -1"],
    [() => new Semaphore(1.5), RangeError, "Cannot create Semaphore as 'value' must be an integer >= 0: received 1.5"],
    [() => new Semaphore(2 ** 31), RangeError, "Cannot create Semaphore as 'value' must be at most 2147483647: received 2147483648"],
    [() => new Semaphore("1" as never), TypeError, "Cannot create Semaphore as 'value' must be an integer >= 0: received string"],
    [() => new Semaphore(1).acquire({ permits: 0 }), RangeError, "Cannot acquire Semaphore as 'permits' must be an integer >= 1: received 0"],
    [() => new Semaphore(1).release(Number.NaN), RangeError, "Cannot release Semaphore as 'n' must be an integer >= 1: received NaN"],
    [
      () => new Semaphore(1).tryAcquire({ timeout: Number.NaN }),
      RangeError,
      "Cannot acquire Semaphore as 'timeout' must be a number of milliseconds: received NaN",
    ],
    [() => new Semaphore(2 ** 31 - 1).release(), RangeError, /^Cannot release Semaphore as it would have more than its 2147483647 permits/],
    [() => new BoundedSemaphore(2).release(), RangeError, "Cannot release BoundedSemaphore as it would have more than its 2 permits: 2 are free, received 1"],
    [
      () => new BoundedSemaphore(2).acquire({ permits: 3 }),
      RangeError,
      "Cannot acquire BoundedSemaphore as 'permits' must be at most the 2 that there can be: received 3",
    ],
  ])("refuses %s", (wrong, ErrorClass, message) => {
    expect(wrong).toThrow(ErrorClass);
    expect(wrong).toThrow(message);
  });

  it("keeps its bound when attached", () => {
    const permits = new BoundedSemaphore(1);
    const attached = attach(permits.handle) as BoundedSemaphore;
    expect(attached).toBeInstanceOf(BoundedSemaphore);
    attached.acquire();
    expect(permits.value).toBe(0);
    permits.release();
    expect(() => attached.release()).toThrow(RangeError);
    expect(() => Semaphore.attach(permits.handle)).toThrow("Cannot attach Semaphore as the handle is of another kind: received BoundedSemaphore");
  });
});
