import { attach, Barrier, BrokenBarrierError, type ThreadMemoryHandle } from "@interlock/core";
import { describe, expect, it } from "vitest";
import { mayBlock } from "./may-block.ts";

const broken = (waits: readonly Promise<number>[]): Promise<unknown> => Promise.all(waits.map((wait) => expect(wait).rejects.toThrow(BrokenBarrierError)));

describe("Barrier", () => {
  it("lets the parties pass together, numbered as they came", async () => {
    const barrier = new Barrier(3);
    const first = barrier.waitAsync();
    expect(barrier.waiting).toBe(1);
    expect(await Promise.all([first, barrier.waitAsync(), barrier.waitAsync()])).toEqual([0, 1, 2]);
    expect(barrier.waiting).toBe(0);
    expect(await Promise.all([barrier.waitAsync(), barrier.waitAsync(), barrier.waitAsync()])).toEqual([0, 1, 2]);
    expect(barrier.parties).toBe(3);
  });

  it("of one party is passed at once, blocking, anywhere", () => {
    let ran = 0;
    const barrier = new Barrier(1, { action: () => ran++ });
    expect([barrier.wait(), barrier.wait()]).toEqual([0, 0]);
    expect(ran).toBe(2);
  });

  it("breaks for all when one times out, and works again after a reset", async () => {
    const barrier = new Barrier(3);
    await broken([barrier.waitAsync({ timeout: 5 }), barrier.waitAsync()]);
    expect(barrier.broken).toBe(true);
    expect(() => barrier.wait()).toThrow(BrokenBarrierError);
    barrier.reset();
    expect(barrier.broken).toBe(false);
    expect(await Promise.all([barrier.waitAsync(), barrier.waitAsync(), barrier.waitAsync()])).toEqual([0, 1, 2]);
  });

  it("has a default timeout, which attached ones share", async () => {
    const barrier = new Barrier(2, { timeout: 5 });
    await broken([barrier.waitAsync()]);
    barrier.reset();
    await broken([(attach(barrier.handle) as Barrier).waitAsync()]);
    barrier.reset();
    const patient = barrier.waitAsync({ timeout: 10_000 });
    expect(await barrier.waitAsync()).toBe(1);
    expect(await patient).toBe(0);
  });

  it("breaks on abort() and on a signal, whose reason is the cause", async () => {
    const barrier = new Barrier(2);
    const waiting = barrier.waitAsync();
    barrier.abort();
    await broken([waiting]);
    barrier.reset();
    const controller = new AbortController();
    const aborted = barrier.waitAsync({ signal: controller.signal });
    controller.abort("enough");
    await expect(aborted).rejects.toMatchObject({ name: "BrokenBarrierError", cause: "enough" });
    expect(barrier.broken).toBe(true);
  });

  it("reset ends the waits of before, and is idle when nobody waits", async () => {
    const barrier = new Barrier(2);
    const before = barrier.waitAsync();
    barrier.reset();
    barrier.reset();
    const after = barrier.waitAsync();
    await broken([before]);
    expect(await barrier.waitAsync()).toBe(1);
    expect(await after).toBe(0);
  });

  it("breaks when its action throws, which the last party gets", async () => {
    const barrier = new Barrier(2, { action: () => Promise.reject(new Error("planned")) });
    const first = barrier.waitAsync();
    await expect(barrier.waitAsync()).rejects.toThrow("planned");
    await broken([first]);
  });

  it("awaits an async action before anybody passes", async () => {
    let done = false;
    const action = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      done = true;
    };
    const barrier = new Barrier(2, { action });
    const passed = [barrier.waitAsync().then(() => done), barrier.waitAsync().then(() => done)];
    expect(await Promise.all(passed)).toEqual([true, true]);
  });

  it.runIf(mayBlock)("times out, blocking", () => {
    const started = performance.now();
    expect(() => new Barrier(2).wait({ timeout: 20 })).toThrow("Cannot pass Barrier as this party gave up waiting");
    expect(performance.now() - started).toBeGreaterThanOrEqual(19);
  });

  it.each([
    [() => new Barrier(0), RangeError, "Cannot create Barrier as 'parties' must be an integer >= 1: received 0"],
    [() => new Barrier(2.5), RangeError, "Cannot create Barrier as 'parties' must be an integer >= 1: received 2.5"],
    [() => new Barrier(8192), RangeError, "Cannot create Barrier as 'parties' must be at most 8191: received 8192"],
    [() => new Barrier("2" as never), TypeError, "Cannot create Barrier as 'parties' must be an integer >= 1: received string"],
    [() => new Barrier(2, { timeout: Number.NaN }), RangeError, "Cannot create Barrier as 'timeout' must be a number of milliseconds: received NaN"],
    [() => new Barrier(2).wait({ timeout: Number.NaN }), RangeError, "Cannot wait for Barrier as 'timeout' must be a number of milliseconds: received NaN"],
  ])("refuses %s", (wrong, ErrorClass, message) => {
    expect(wrong).toThrow(ErrorClass);
    expect(wrong).toThrow(message);
  });

  it("lets tasks of one thread pass in turn while an action runs", async () => {
    const barrier = new Barrier(2, { action: () => new Promise((resolve) => setTimeout(resolve, 5)) });
    const started = performance.now();
    expect((await Promise.all([1, 2, 3, 4].map(() => barrier.waitAsync()))).sort()).toEqual([0, 0, 1, 1]);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("is not broken by a party that gives up before it could arrive", async () => {
    const barrier = new Barrier(1, { action: () => new Promise((resolve) => setTimeout(resolve, 30)) });
    const acting = barrier.waitAsync();
    await broken([barrier.waitAsync({ timeout: 5 })]);
    expect(await acting).toBe(0);
    expect(barrier.broken).toBe(false);
  });

  it("breaks also if the abort's reason looks like its own error", async () => {
    const barrier = new Barrier(2);
    const controller = new AbortController();
    const aborted = barrier.waitAsync({ signal: controller.signal });
    controller.abort(new BrokenBarrierError("another barrier"));
    await broken([aborted]);
    expect([barrier.broken, barrier.waiting]).toEqual([true, 0]);
  });

  it("is not attached where its parties cannot be", () => {
    const { handle } = new Barrier(2);
    new Int32Array((handle.memory as ThreadMemoryHandle).buffer)[handle.offset / 4 + 1] = 0;
    expect(() => attach(handle)).toThrow("Cannot attach Barrier as its parties must be 1 to 8191: received 0");
  });
});
