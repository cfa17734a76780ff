import { Event } from "@interlock/core";
import { describe, expect, it } from "vitest";
import { mayBlock } from "./may-block.ts";

describe("Event", () => {
  it("is set until cleared", () => {
    const event = new Event();
    expect([event.isSet(), event.wait({ timeout: 0 })]).toEqual([false, false]);
    event.set();
    event.set();
    expect([event.isSet(), event.wait(), event.wait({ timeout: 1 })]).toEqual([true, true, true]);
    event.clear();
    expect(event.isSet()).toBe(false);
  });

  it.runIf(mayBlock)("blocks until the timeout", () => {
    const started = performance.now();
    expect(new Event().wait({ timeout: 60 })).toBe(false);
    expect(performance.now() - started).toBeGreaterThanOrEqual(59);
  });

  it("lets async waiters go, also when it is cleared at once", async () => {
    const event = new Event();
    const waiters = [event.waitAsync(), event.waitAsync({ timeout: 10_000 })];
    const started = performance.now();
    event.set();
    event.clear();
    expect(await Promise.all(waiters)).toEqual([true, true]);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("gives up after the timeout, and on abort", async () => {
    const event = new Event();
    expect(await event.waitAsync({ timeout: 10 })).toBe(false);
    await expect(event.waitAsync({ signal: AbortSignal.timeout(10) })).rejects.toMatchObject({ name: "TimeoutError" });
  });
});
