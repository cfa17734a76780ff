import { Atomic, Event, Lock, RLock, Value } from "@interlock/core";
import { describe, expect, it } from "vitest";

// What only a page shows: it may not sleep. An object that another slot holds would make it sleep; so does a free-standing wait.
describe("a page", () => {
  it("takes and gives back what is free", () => {
    for (const lock of [new Lock(), new RLock(), new Value("int32")]) {
      expect(lock.acquire().held).toBe(true);
      lock.release();
      expect(lock.tryAcquire({ timeout: 0 })).toBe(true);
      lock.release();
    }
  });

  it("is told the async twin where it would have to sleep", () => {
    expect(() => new Event().wait()).toThrow("Cannot block in Event.wait() as this thread may not: await waitAsync() instead");
    expect(() => new Atomic("int32").wait(0)).toThrow("Cannot block in Atomic.wait() as this thread may not: await waitAsync() instead");
  });
});
