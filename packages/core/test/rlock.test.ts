import { DeadlockError, LockStateError, RLock } from "@interlock/core";
import { describe, expect, it } from "vitest";

describe("RLock", () => {
  it("is free after as many releases as acquisitions", () => {
    const lock = new RLock();
    lock.acquire();
    lock.acquire();
    expect(lock.tryAcquire()).toBe(true);
    for (let i = 0; i < 3; i++) {
      expect(lock.locked).toBe(true);
      lock.release();
    }
    expect(lock.locked).toBe(false);
    expect(() => lock.release()).toThrow(LockStateError);
  });

  it("does not let two async tasks of one thread in together", async () => {
    const lock = new RLock();
    let inside = 0;
    let most = 0;
    const section = (): Promise<void> =>
      lock.runAsync(async () => {
        most = Math.max(most, ++inside);
        await Promise.resolve();
        inside--;
      });
    await Promise.all([section(), section(), section()]);
    expect(most).toBe(1);
    expect(lock.locked).toBe(false);
  });

  it("throws DeadlockError when a thread blocks on what its own task holds", async () => {
    const lock = new RLock();
    await lock.acquireAsync();
    expect(() => lock.acquire()).toThrow(DeadlockError);
    expect(lock.tryAcquire()).toBe(false);
    lock.release();
    expect(lock.acquire().held).toBe(true);
    lock.release();
  });

  it("makes an async waiter wait for the last of several releases", async () => {
    const lock = new RLock();
    lock.acquire();
    lock.acquire();
    const waiter = lock.acquireAsync();
    lock.release();
    expect(await Promise.race([waiter.then(() => "in"), Promise.resolve("waiting")])).toBe("waiting");
    lock.release();
    await waiter;
    lock.release();
    expect(lock.locked).toBe(false);
  });
});
