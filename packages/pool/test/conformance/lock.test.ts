import { AbandonedLockError, Event, inspect, Lock, RLock } from "@interlock/core";
import { expect, it } from "vitest";
import { hold, inContext, ownerName, reenter, takeAndEnd, walk } from "./lock-tasks.ts";
import { forbidRescues, oneByOne, ownerNamed, resultsOf, START, startThreads } from "./support.ts";

forbidRescues();

it("_TestLock.test_repr_lock", async () => {
  const lock = new Lock();
  expect(inspect(lock).owner).toBeUndefined();
  expect(lock.run(() => inspect(lock).owner)).toMatchObject({ name: ownerNamed("main"), alive: true });
  expect(await lock.runAsync(() => inspect(lock).owner)).toMatchObject({ name: ownerNamed("main"), alive: true });
  await expectOwner(lock, 1);
});

it("_TestLock.test_lock", async () => {
  for (const seen of await oneByOne(walk, () => [new Lock()])) {
    expect(seen).toEqual({ before: false, taken: [true, false, true], returned: undefined, after: false, again: "LockStateError", still: false });
  }
});

it("_TestLock.test_lock_locked_2processes", () => expectLockedAfterEnd(new Lock()));

it("_TestLock.test_repr_rlock", async () => {
  const lock = new RLock();
  expect(inspect(lock).owner).toBeUndefined();
  for (let i = 0; i < 3; i++) lock.acquire();
  for (let i = 0; i < 3; i++) {
    expect(inspect(lock).owner).toMatchObject({ name: ownerNamed("main"), alive: true });
    lock.release();
  }
  expect(inspect(lock).owner).toBeUndefined();
  for (const levels of [1, 2, 3]) await expectOwner(lock, levels);
});

it("_TestLock.test_rlock", async () => {
  for (const seen of [...(await resultsOf(startThreads(1, reenter, [new RLock()]))), reenter(new RLock())]) {
    expect(seen).toEqual({ taken: [true, true], locked: [true, true, true, false], again: "LockStateError" });
  }
  const lock = await new RLock().acquireAsync();
  // By design: two tasks of one thread exclude each other.
  expect([lock.locked, await lock.tryAcquireAsync(), lock.locked]).toEqual([true, false, true]);
  lock.release();
  expect(lock.locked).toBe(false);
});

it("_TestLock.test_rlock_locked_2processes", () => expectLockedAfterEnd(new RLock()));

it.each([
  ["_TestLock.test_lock_context", Lock],
  ["_TestLock.test_rlock_context", RLock],
])("%s", async (_, Kind) => {
  for (const seen of await oneByOne(inContext, () => [new Kind()])) {
    expect(seen).toEqual({ during: [true, true], error: "RangeError", same: true, disposing: true, after: [false, false, false] });
  }
});

/** A thread that takes the lock is its owner to itself, to the test and to a third; and gives it back in so many releases. */
async function expectOwner(lock: Lock | RLock, levels: number): Promise<void> {
  const [taken, end] = [new Event(), new Event()];
  const threads = startThreads(1, hold, [lock, levels, taken, end], "P1");
  expect(await taken.waitAsync({ timeout: START })).toBe(true);
  expect(inspect(lock).owner).toMatchObject({ name: ownerNamed("P1"), alive: true });
  expect(await resultsOf(startThreads(1, ownerName, [lock], "P2"))).toEqual([ownerNamed("P1")]);
  end.set();
  expect(await resultsOf(threads)).toEqual([{ owner: ownerNamed("P1"), releases: levels, after: undefined }]);
  expect(inspect(lock).owner).toBeUndefined();
}

async function expectLockedAfterEnd(lock: Lock | RLock): Promise<void> {
  const [taken, end] = [new Event(), new Event()];
  const threads = startThreads(1, takeAndEnd, [lock, taken, end]);
  expect(await taken.waitAsync({ timeout: START })).toBe(true);
  expect(lock.locked).toBe(true);
  end.set();
  await resultsOf(threads);
  expect(lock.locked).toBe(true);
  // Python would wait for ever here.
  await expect(lock.tryAcquireAsync()).rejects.toThrow(AbandonedLockError);
}
