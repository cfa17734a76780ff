import { afterEach, expect, it, vi } from "vitest";
import { after } from "../src/sys/host.ts";

afterEach(() => {
  vi.useRealTimers();
});

it("calls back after longer than timers take", () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  const called = vi.fn();
  after(2 ** 31 + 1000, called);
  after(Infinity, () => called("never"));
  vi.advanceTimersByTime(2 ** 31);
  expect(called).not.toHaveBeenCalled();
  vi.advanceTimersByTime(2000);
  expect(called.mock.calls).toEqual([[]]);
  const cancelled = vi.fn();
  after(2 ** 31 + 1000, cancelled)();
  vi.advanceTimersByTime(2 ** 32);
  expect(cancelled).not.toHaveBeenCalled();
});
