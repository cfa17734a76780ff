import { AbandonedLockError, Event, Lock } from "@interlock/core";
import { Process, Thread } from "@interlock/pool";
import { describe, expect, it } from "vitest";
import { dieHolding, fail, holdBriefly, holdUntil, square } from "./fixtures/tasks.ts";

/** How soon waiters learn of an owner's death, with room for a slow machine. */
const NOTICE_MS = 1000;

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
});

describe("Process", () => {
  it("refuses a lock that only threads share, naming the argument and the remedy", () => {
    const child = new Process(holdBriefly, [new Lock(), new Event(), 1]);
    expect(() => child.start()).toThrow(/Cannot send arguments\[0\]\[0\] to a process .* received Lock; create it with \{ memory \}/);
  });
});

describe("a lock whose owner dies", () => {
  it.each(["exit 0", "exit 3", "throw", "terminate"] as const)("throws in async waiters: %s", async (how) => {
    const [lock, taken, die] = [new Lock(), new Event(), new Event()];
    const owner = new Thread(dieHolding, [lock, taken, die, how === "terminate" ? "spin" : how]);
    owner.start();
    await taken.waitAsync();
    const waiter = lock.acquireAsync();
    const seen = waiter.catch((error: unknown) => [error, performance.now()] as const);
    const died = performance.now();
    die.set();
    if (how === "terminate") void owner.terminate();
    const [error, noticed] = (await seen) as [unknown, number];
    expect(error).toBeInstanceOf(AbandonedLockError);
    expect(noticed - died).toBeLessThan(NOTICE_MS);
    expect(lock.recover()).toBe(true);
    lock.release();
    await owner.join();
  });

  it.each(["exit 0", "exit 3", "throw", "terminate"] as const)("throws in a blocked parent: %s", async (how) => {
    const [lock, taken, die] = [new Lock(), new Event(), new Event()];
    const owner = new Thread(dieHolding, [lock, taken, die, how === "terminate" ? "spin" : how]);
    owner.start();
    await taken.waitAsync();
    const died = performance.now();
    die.set();
    if (how === "terminate") void owner.terminate();
    expect(() => lock.acquire()).toThrow(AbandonedLockError);
    expect(performance.now() - died).toBeLessThan(NOTICE_MS);
    await owner.join();
  });
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
