import { attach, Condition, Lock, LockStateError, RLock } from "@interlock/core";
import { describe, expect, it, vi } from "vitest";
import { mayBlock } from "./may-block.ts";

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
/** Long enough for somebody who was woken by mistake to go on. */
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 100));

describe("Condition", () => {
  it("is lockable through its lock", async () => {
    const lock = new Lock();
    const changed = new Condition(lock);
    expect(changed.lock).toBe(lock);
    expect(changed.run(() => [changed.held, lock.held])).toEqual([true, true]);
    await changed.runAsync(() => expect(lock.locked).toBe(true));
    expect(new Condition().lock).toBeInstanceOf(RLock);
  });

  it("notifies exactly as many as it says", async () => {
    const changed = new Condition();
    let waiting = 0;
    let woken = 0;
    const waiter = (): Promise<void> =>
      changed.runAsync(async () => {
        waiting++;
        expect(await changed.waitAsync()).toBe(true);
        woken++;
      });
    const waiters = Array.from({ length: 6 }, waiter);
    // Counted under the lock: whoever gets it then finds them waiting.
    await vi.waitFor(() => expect(waiting).toBe(6), { timeout: 5000 });
    for (const [n, total] of [
      [2, 2],
      [0, 2],
      [-1, 2],
      [3, 5],
    ] as const) {
      await changed.runAsync(() => changed.notify(n));
      await vi.waitFor(() => expect(woken).toBe(total), { timeout: 5000 });
      await settled();
      expect(woken).toBe(total);
    }
    await changed.runAsync(() => changed.notifyAll());
    await Promise.all(waiters);
    expect(woken).toBe(6);
  });

  it("forgets a notify that nobody waited for", async () => {
    const changed = new Condition();
    await changed.runAsync(async () => {
      changed.notifyAll();
      expect(await changed.waitAsync({ timeout: 5 })).toBe(false);
      expect(changed.held).toBe(true);
    });
  });

  it.runIf(mayBlock)("times out, blocking, and restores every level", () => {
    const changed = new Condition();
    changed.run(() =>
      changed.run(() => {
        const started = performance.now();
        expect(changed.wait({ timeout: 20 })).toBe(false);
        expect(changed.wait({ timeout: 0 })).toBe(false);
        expect(performance.now() - started).toBeGreaterThanOrEqual(19);
      }),
    );
    expect(changed.locked).toBe(false);
  });

  it("returns the predicate's last value", async () => {
    const changed = new Condition();
    await changed.runAsync(async () => {
      expect(await changed.waitForAsync(() => "yes")).toBe("yes");
      expect(await changed.waitForAsync(() => 0, { timeout: 5 })).toBe(0);
    });
    if (mayBlock) expect(changed.run(() => changed.waitFor(() => undefined, { timeout: 5 }))).toBe(undefined);
  });

  it("rejects on abort holding the lock, and not after a notify", async () => {
    const changed = new Condition();
    const controller = new AbortController();
    const aborted = changed.runAsync(async () => {
      await expect(changed.waitAsync({ signal: controller.signal })).rejects.toBe("enough");
      expect(changed.held).toBe(true);
    });
    await turn();
    controller.abort("enough");
    await aborted;
    const late = new AbortController();
    const notified = changed.runAsync(() => changed.waitAsync({ signal: late.signal }));
    await turn();
    await changed.acquireAsync();
    changed.notify();
    late.abort("too late");
    changed.release();
    expect(await notified).toBe(true);
  });

  it("refuses whoever does not hold the lock, and wrong arguments", async () => {
    const changed = new Condition();
    const message = "Condition as this thread does not hold its lock: acquire() it first";
    expect(() => changed.wait()).toThrow(LockStateError);
    expect(() => changed.wait()).toThrow(`Cannot wait for ${message}`);
    expect(() => changed.waitFor(() => true)).toThrow(LockStateError);
    await expect(changed.waitAsync()).rejects.toThrow(LockStateError);
    await expect(changed.waitForAsync(() => true)).rejects.toThrow(LockStateError);
    expect(() => changed.notify()).toThrow(`Cannot notify ${message}`);
    expect(() => changed.notifyAll()).toThrow(LockStateError);
    changed.run(() => {
      expect(() => changed.notify(1.5)).toThrow("Cannot notify Condition as 'n' must be an integer: received 1.5");
      expect(() => changed.wait({ timeout: Number.NaN })).toThrow(RangeError);
    });
    expect(() => new Condition({} as never)).toThrow("Cannot create Condition as 'lock' must be a Lock or RLock: received object");
  });

  it("shares its lock when attached", () => {
    const changed = new Condition(new Lock());
    const attached = attach(changed.handle) as Condition;
    expect(attached.lock).toBeInstanceOf(Lock);
    changed.run(() => expect(attached.held).toBe(true));
  });
});
