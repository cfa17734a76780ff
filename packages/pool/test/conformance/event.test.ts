import { Event, Semaphore } from "@interlock/core";
import { expect, it } from "vitest";
import { look, setLater, walk } from "./event-tasks.ts";
import { DELTA, expectTimedOut, forbidRescues, resultsOf, startThreads, WAKE } from "./support.ts";

forbidRescues();

it("_TestEvent.test_event", async () => {
  const [event, ready] = [new Event(), new Semaphore(0)];
  const waiters = startThreads(1, walk.task, [event, ready, DELTA]);
  await setLater.runAsync(event, ready, DELTA);
  const seen = await resultsOf(waiters);
  event.clear();
  const setters = startThreads(1, setLater.task, [event, ready, DELTA]);
  seen.push(await walk.runAsync(event, ready, DELTA));
  await resultsOf(setters);
  for (const { flags, inVain, atOnce, woken } of seen) {
    expect(flags).toEqual([false, true, false, true]);
    expect(inVain.map(([set]) => set)).toEqual([false, false]);
    expectTimedOut(inVain[1]?.[1] as number, DELTA);
    expect(atOnce.map(([set]) => set)).toEqual([true, true, true]);
    for (const [, elapsed] of [...atOnce, ...inVain.slice(0, 1)]) expect(elapsed).toBeLessThan(WAKE);
    expect(woken).toBe(true);
  }
});

it("_TestEvent.test_repr", async () => {
  const event = new Event();
  for (const set of [false, true, false]) {
    if (set) event.set();
    else event.clear();
    const expected = { set, owner: undefined, since: undefined, waiters: 0 };
    expect(look(event)).toEqual(expected);
    expect(await resultsOf(startThreads(1, look, [event]))).toEqual([expected]);
  }
});
