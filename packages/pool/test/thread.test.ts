import { AbandonedLockError, Event, Lock, LockStateError } from "@interlock/core";
import { Process, Thread, WorkerLostError } from "@interlock/pool";
import { describe, expect, it } from "vitest";
import { fail, holdBriefly, holdUntil, release, sleep, square } from "./fixtures/tasks.ts";
import { unreachable } from "./fixtures/throws-on-import.ts";

describe.each([Thread, Process])("%o", (Kind) => {
  it("runs a task and ends", async () => {
    const child = new Kind(square, [12]);
    expect([child.isAlive(), child.exitCode]).toEqual([false, undefined]);
    child.start();
    expect(child.isAlive()).toBe(true);
    expect(await child.result()).toBe(144);
    expect(await child.join()).toBe(true);
    expect([child.isAlive(), child.exitCode, child.error]).toEqual([false, 0, undefined]);
  });

  it("has exit code 1 after a throw, and keeps the error", async () => {
    const child = new Kind(fail, ["oh"]);
    child.start();
    await child.join();
    expect(child.exitCode).toBe(1);
    expect(child.error).toMatchObject({ message: "oh", code: "E_TEST" });
    await expect(child.result()).rejects.toThrow("oh");
  });

  it.each([
    ["terminate", -15],
    ["kill", -9],
  ] as const)("ends by %s with exit code %i, and has no result", async (how, code) => {
    const child = new Kind(sleep, [60_000]);
    child.start();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const started = performance.now();
    await child[how]();
    await child.join();
    expect(performance.now() - started).toBeLessThan(5000);
    expect([child.isAlive(), child.exitCode]).toEqual([false, code]);
    await expect(child.result()).rejects.toThrow(WorkerLostError);
  });

  it("passes on what importing the task's module throws", async () => {
    const child = new Kind(unreachable, [], { env: { INTERLOCK_THROW_ON_IMPORT: "1" } });
    child.start();
    await expect(child.result()).rejects.toThrow("this module cannot be imported");
    await child.join();
    expect(child.exitCode).toBe(1);
  });

  it("refuses a plain function, a second start, and questions before the first", async () => {
    expect(() => new Kind((() => 1) as never)).toThrow(/its function must be a task/);
    const child = new Kind(square, [2], { name: "twice" });
    await expect(child.join()).rejects.toThrow("Cannot join twice as it was not started");
    child.start();
    expect(() => child.start()).toThrow("Cannot start twice as it was started before");
    expect(await child.join({ timeout: 0 })).toBe(false);
    expect(() => child.close()).toThrow("Cannot close twice as it is running");
    await child.join();
    child.close();
    expect(() => child.isAlive()).toThrow("Cannot ask twice as it is closed");
  });
});

it("a release by another thread is refused, and changes nothing", async () => {
  const lock = new Lock();
  lock.acquire();
  const stranger = new Thread(release, [lock]);
  stranger.start();
  await expect(stranger.result()).rejects.toThrow(LockStateError);
  await expect(stranger.result()).rejects.toThrow(/^Cannot release Lock as another thread holds it: main$/);
  expect(lock.held).toBe(true);
  lock.release();
});

it("a thread that ends in the middle of a wait releases nothing", async () => {
  const [lock, taken, never] = [new Lock(), new Event(), new Event()];
  const owner = new Thread(holdUntil, [lock, taken, never]);
  owner.start();
  await taken.waitAsync();
  await owner.terminate();
  expect(() => lock.acquire()).toThrow(AbandonedLockError);
  expect(owner.exitCode).toBe(-15);
});

it("a thread starts although its parent blocks at once", () => {
  const [lock, taken] = [new Lock(), new Event()];
  new Thread(holdBriefly, [lock, taken, 20]).start();
  expect(taken.wait({ timeout: 10_000 })).toBe(true);
  expect(lock.tryAcquire({ timeout: 10_000 })).toBe(true);
  lock.release();
});
