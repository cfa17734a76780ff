import { BoundedSemaphore, Semaphore } from "@interlock/core";
import { expect, it } from "vitest";
import { overRelease, timeOut, walk } from "./semaphore-tasks.ts";
import { DELTA, expectTimedOut, forbidRescues, oneByOne, WAKE } from "./support.ts";

forbidRescues();

it("_TestSemaphore.test_semaphore", async () => {
  for (const seen of await oneByOne(walk, () => [new Semaphore(2)])) {
    expect(seen).toEqual({ values: [2, 1, 0, 0, 1, 2], third: false });
  }
  for (const seen of await oneByOne(overRelease, () => [new Semaphore(2)])) {
    expect(seen).toEqual({ values: [3, 4, 3, 2, 1, 0], errors: [undefined, undefined] });
  }
});

it("_TestSemaphore.test_bounded_semaphore", async () => {
  for (const seen of await oneByOne(walk, () => [new BoundedSemaphore(2)])) {
    expect(seen).toEqual({ values: [2, 1, 0, 0, 1, 2], third: false });
  }
  for (const seen of await oneByOne(overRelease, () => [new BoundedSemaphore(2)])) {
    expect(seen).toEqual({ values: [2, 2, 1, 0], errors: ["RangeError", "RangeError"] });
  }
});

it("_TestSemaphore.test_timeout", async () => {
  for (const { atOnce, late, error, value } of await oneByOne(timeOut, () => [new Semaphore(0), DELTA])) {
    for (const [taken, elapsed] of atOnce) {
      expect(taken).toBe(false);
      expect(elapsed).toBeLessThan(WAKE);
    }
    expect([late[0], error[0]]).toEqual([false, "TimeoutError"]);
    for (const [, elapsed] of [late, error]) expectTimedOut(elapsed, DELTA);
    expect(value).toBe(0);
  }
});
