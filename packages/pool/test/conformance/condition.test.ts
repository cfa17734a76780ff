import { Condition, inspect, Semaphore, Value } from "@interlock/core";
import { expect, it } from "vitest";
import { awaitFour, awaitFourBriefly, countUp, notifier, sleeper, waitThrice } from "./condition-tasks.ts";
import { DELTA, expectTimedOut, forbidRescues, oneByOne, resultsOf, START, sleep, startThreads, together, WAKE } from "./support.ts";

forbidRescues();

it("_TestCondition.test_notify", async () => {
  const condition = new Condition();
  const sleepers = await startSleepers(condition, 1, 1);
  await sleepers.expectWoken(0);
  for (let i = 0; i < 2; i++) {
    await condition.runAsync(() => condition.notify());
    await sleepers.expectWoken(1);
  }
  await sleepers.expectAll(true);
});

it("_TestCondition.test_notify_all", async () => {
  const condition = new Condition();
  const early = await startSleepers(condition, 3, 3, DELTA);
  await early.expectWoken(6);
  await early.expectAll(false);
  const sleepers = await startSleepers(condition, 3, 3);
  await sleepers.expectWoken(0);
  await condition.runAsync(() => condition.notifyAll());
  await sleepers.expectWoken(6);
  await sleepers.expectAll(true);
});

it("_TestCondition.test_notify_n", async () => {
  const condition = new Condition();
  const sleepers = await startSleepers(condition, 3, 3);
  await sleepers.expectWoken(0);
  for (const count of [2, 4]) {
    await condition.runAsync(() => condition.notify(count));
    await sleepers.expectWoken(count);
  }
  await condition.runAsync(() => condition.notify(3));
  await sleepers.expectWoken(0);
  await sleepers.expectAll(true);
});

it("_TestCondition.test_timeout", async () => {
  for (const { notified, elapsed } of await oneByOne(sleeper, () => [new Condition(), new Semaphore(0), new Semaphore(0), DELTA])) {
    expect(notified).toBe(false);
    expectTimedOut(elapsed, DELTA);
  }
});

it("_TestCondition.test_waitfor", async () => {
  for (const [blocking, async] of [[awaitFour, countUp] as const, [countUp, awaitFour] as const]) {
    const [condition, state] = [new Condition(), new Value("int32", -1)];
    const threads = startThreads(1, blocking.task, [condition, state]);
    expect(await async.runAsync(condition, state)).toBe(true);
    expect(await resultsOf(threads)).toEqual([true]);
    expect(state.value).toBe(4);
  }
});

it("_TestCondition.test_waitfor_timeout", async () => {
  const waits = [
    (...args: Parameters<typeof awaitFourBriefly.task>) => resultsOf(startThreads(1, awaitFourBriefly.task, args)).then(([seen]) => seen),
    awaitFourBriefly.runAsync,
  ];
  for (const start of waits) {
    const [condition, state, ready] = [new Condition(), new Value("int32", 0), new Semaphore(0)];
    const result = start(condition, state, ready, DELTA);
    await ready.acquireAsync({ timeout: START });
    for (let i = 0; i < 3; i++) {
      await sleep(10);
      await condition.runAsync(() => {
        state.value += 1;
        condition.notify();
      });
    }
    const [reached, elapsed] = (await result) as readonly [boolean, number];
    expect(reached).toBe(false);
    expectTimedOut(elapsed, DELTA);
  }
});

it("_TestCondition.test_wait_result", async () => {
  const [condition, ready] = [new Condition(), new Semaphore(0)];
  const waiters = startThreads(1, waitThrice.task, [condition, ready, DELTA, START]);
  await notifier.runAsync(condition, ready);
  const notifiers = startThreads(1, notifier.task, [condition, ready]);
  const seen = [...(await resultsOf(waiters)), await waitThrice.runAsync(condition, ready, DELTA, START)];
  await resultsOf(notifiers);
  for (const { atOnce, late, notified } of seen) {
    expect([atOnce[0], late[0], notified]).toEqual([false, false, true]);
    expect(atOnce[1]).toBeLessThan(WAKE);
    expectTimedOut(late[1], DELTA);
  }
});

/** Waiters in threads and in this one, once they all wait. */
async function startSleepers(condition: Condition, threads: number, own: number, timeout?: number) {
  const [sleeping, woken] = [new Semaphore(0), new Semaphore(0)];
  const all = together(threads, own, sleeper, [condition, sleeping, woken, timeout]);
  // Each said so while it held the lock, which it only gives back by waiting.
  await sleeping.acquireAsync({ permits: threads + own, timeout: START });
  return {
    /** Exactly so many more wake, and soon. */
    async expectWoken(count: number): Promise<void> {
      if (count > 0) await woken.acquireAsync({ permits: count, timeout: WAKE });
      await sleep(DELTA);
      expect(woken.value).toBe(0);
    },
    /** All have left, with this result, and nothing of them is left behind. */
    async expectAll(notified: boolean): Promise<void> {
      for (const one of await all) {
        expect(one.notified).toBe(notified);
        if (timeout !== undefined) expectTimedOut(one.elapsed, timeout);
      }
      expect(inspect(condition)).toEqual({ owner: undefined, since: undefined, waiters: 0 });
    },
  };
}
