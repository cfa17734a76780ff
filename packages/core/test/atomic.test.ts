import { Atomic, type TypeCode } from "@interlock/core";
import { describe, expect, it } from "vitest";
import { mayBlock } from "./may-block.ts";

describe("Atomic", () => {
  it.each<[TypeCode, number | bigint, number | bigint, number | bigint]>([
    ["int32", 5, 3, 8],
    ["uint8", 250, 10, 4],
    ["int64", 2n ** 40n, -1n, 2n ** 40n - 1n],
    ["float32", 0.5, 0.25, 0.75],
    ["float64", 0.1, 0.2, 0.1 + 0.2],
  ])("adds and subtracts as %s", (type, initial, n, sum) => {
    const atomic = new Atomic(type, initial as never);
    expect(atomic.add(n as never)).toBe(initial);
    expect(atomic.load()).toBe(sum);
    expect(atomic.sub(n as never)).toBe(sum);
  });

  it("exchanges, compares, and works on bits", () => {
    const atomic = new Atomic("uint32", 0b1100);
    expect(atomic.and(0b0110)).toBe(0b1100);
    expect(atomic.or(0b0001)).toBe(0b0100);
    expect(atomic.xor(0b1111)).toBe(0b0101);
    expect(atomic.exchange(7)).toBe(0b1010);
    expect(atomic.compareExchange(1, 2)).toBe(7);
    expect(atomic.compareExchange(7, 2)).toBe(7);
    expect(atomic.load()).toBe(2);
    const flag = new Atomic("bool");
    expect([flag.exchange(true), flag.or(false), flag.load()]).toEqual([false, true, true]);
  });

  it("adds to NaN without looping for ever", () => {
    const atomic = new Atomic("float64", Number.NaN);
    expect(atomic.add(1)).toBeNaN();
    expect(atomic.load()).toBeNaN();
  });

  it("refuses what its type does not have", () => {
    expect(() => new Atomic("bool").add(true)).toThrow(TypeError);
    expect(() => new Atomic("float64").and(1)).toThrow(TypeError);
    expect(() => new Atomic("int64").wait(0n)).toThrow("Cannot wait on Atomic as its type must be int32: received int64");
    expect(() => new Atomic("int32").add(0.5)).toThrow(RangeError);
    expect(() => new Atomic("int32").add(1n as never)).toThrow(TypeError);
  });

  it.runIf(mayBlock)("blocks until the timeout, and no longer", () => {
    const atomic = new Atomic("int32", 1);
    const started = performance.now();
    expect(atomic.wait(1, { timeout: 120 })).toBe("timed-out");
    expect(performance.now() - started).toBeGreaterThanOrEqual(119);
  });

  it("waits for a wake, unless the value differs", async () => {
    const atomic = new Atomic("int32", 1);
    expect(atomic.wait(0)).toBe("not-equal");
    const waiting = atomic.waitAsync(1);
    atomic.store(2);
    atomic.notify();
    expect(await waiting).toBe("ok");
  });

  it("compares as it stores: what does not fit in 32 bits wraps", async () => {
    const atomic = new Atomic("int32", -(2 ** 31));
    expect(await atomic.waitAsync(2 ** 31, { timeout: 5 })).toBe("timed-out");
    if (mayBlock) expect(atomic.wait(2 ** 31, { timeout: 5 })).toBe("timed-out");
    for (const count of [-1, Number.NaN, "all" as never]) expect(() => atomic.notify(count)).toThrow(RangeError);
  });

  it("rejects a wait if that of the engine fails, and nothing else", async () => {
    const { memory } = new Atomic("int32");
    const waitAsync = (): Promise<never> => Promise.reject(new Error("planned"));
    const at = { ...memory, allocate: (bytes: number, align?: number) => memory.allocate(bytes, align), waiter: { ...memory.waiter, waitAsync } };
    await expect(new Atomic("int32", 0, { memory: at as never }).waitAsync(0)).rejects.toThrow("planned");
  });

  it("rejects an aborted wait, and passes its wake on", async () => {
    const atomic = new Atomic("int32", 0);
    const abort = new AbortController();
    const first = atomic.waitAsync(0, { signal: abort.signal });
    const second = atomic.waitAsync(0);
    abort.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");
    const started = performance.now();
    atomic.notify(1);
    expect(await second).toBe("ok");
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
