import { attach, DeadlockError, LockStateError, RWLock } from "@interlock/core";
import { describe, expect, it } from "vitest";
import { mayBlock } from "./may-block.ts";

describe("RWLock", () => {
  it("has many readers or one writer", () => {
    const { readLock, writeLock } = new RWLock();
    readLock.acquire();
    readLock.acquire();
    expect([readLock.locked, readLock.held, writeLock.locked, writeLock.tryAcquire()]).toEqual([true, true, false, false]);
    readLock.release();
    expect(readLock.held).toBe(true);
    readLock.release();
    expect(readLock.locked).toBe(false);
    writeLock.acquire();
    expect([writeLock.held, writeLock.tryAcquire(), readLock.tryAcquire()]).toEqual([true, false, false]);
    writeLock.release();
    expect(readLock.tryAcquire()).toBe(true);
    readLock.release();
  });

  it("keeps new async readers out while a writer waits", async () => {
    const { readLock, writeLock } = new RWLock();
    const order: string[] = [];
    await readLock.acquireAsync();
    const writer = writeLock.runAsync(() => order.push("write"));
    const reader = readLock.runAsync(() => order.push("read"));
    expect(await readLock.tryAcquireAsync()).toBe(false);
    order.push("release");
    readLock.release();
    await Promise.all([writer, reader]);
    expect(order).toEqual(["release", "write", "read"]);
  });

  it("lets readers in when the writer that waits gives up", async () => {
    const { readLock, writeLock } = new RWLock();
    readLock.acquire();
    const controller = new AbortController();
    const aborted = expect(writeLock.acquireAsync({ signal: controller.signal })).rejects.toBe("enough");
    const timed = writeLock.tryAcquireAsync({ timeout: 20 });
    const reader = readLock.acquireAsync();
    controller.abort("enough");
    await aborted;
    expect(await timed).toBe(false);
    await reader;
    readLock.release();
    readLock.release();
    expect(writeLock.locked).toBe(false);
  });

  it.runIf(mayBlock)("throws DeadlockError instead of waiting for its own thread", () => {
    const { readLock, writeLock } = new RWLock();
    readLock.run(() => expect(() => writeLock.acquire({ timeout: 1000 })).toThrow(DeadlockError));
    writeLock.run(() => {
      expect(() => readLock.acquire()).toThrow(DeadlockError);
      expect(() => writeLock.acquire()).toThrow(DeadlockError);
    });
  });

  it("refuses a release of what is not held", () => {
    const { readLock, writeLock } = new RWLock();
    expect(() => readLock.release()).toThrow(LockStateError);
    expect(() => readLock.release()).toThrow("Cannot release ReadLock as this thread does not hold it");
    expect(() => writeLock.release()).toThrow("Cannot release RWLock as it is not held");
  });

  it("attaches as a whole and by its sides", () => {
    const lock = new RWLock();
    const whole = attach(lock.handle) as RWLock;
    const side = attach(lock.readLock.handle) as RWLock["readLock"];
    whole.writeLock.acquire();
    expect(side.tryAcquire()).toBe(false);
    whole.writeLock.release();
    expect(side.tryAcquire()).toBe(true);
    expect(lock.readLock.held).toBe(true);
    side.release();
    expect(() => attach({ ...lock.handle, offset: lock.handle.offset + 64 })).toThrow(/there is none at offset|must be a multiple/);
  });

  it("does not hold the write lock while it waits for readers", async () => {
    const { readLock, writeLock } = new RWLock();
    await readLock.acquireAsync();
    const writer = writeLock.acquireAsync();
    expect([writeLock.held, writeLock.locked]).toEqual([false, true]);
    expect(() => writeLock.release()).toThrow("Cannot release WriteLock as this thread still waits for readers to leave");
    readLock.release();
    await writer;
    expect(writeLock.held).toBe(true);
    writeLock.release();
  });
});
