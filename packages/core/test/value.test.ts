import { AbandonedLockError, Lock, RawValue, RLock, type TypeCode, Value } from "@interlock/core";
import { describe, expect, it } from "vitest";
import { posted } from "./posted.ts";

describe("Value", () => {
  it("starts at zero, or at what it is given", () => {
    expect(new Value("int32").value).toBe(0);
    expect(new Value("q").value).toBe(0n);
    expect(new Value("?").value).toBe(false);
    expect(new Value("d", -4.25).value).toBe(-4.25);
  });

  it.each<[TypeCode, number | bigint | boolean, number | bigint | boolean]>([
    ["i", 4343, 24234],
    ["d", 3.625, -4.25],
    ["h", -232, 234],
    ["q", 2n ** 33n, 2n ** 34n],
    ["B", 120, 121],
    ["f", 0.5, -0.25],
    ["Q", 2n ** 63n, 1n],
    ["?", true, false],
  ])("keeps values of type %s", (type, first, second) => {
    const value = new Value(type, first as never);
    const attached = Value.attach(posted(value.handle));
    expect(attached.value).toBe(first);
    value.value = second as never;
    expect(attached.value).toBe(second);
    expect(attached.getObj().value).toBe(second);
  });

  it("lists the valid types when one is unknown", () => {
    expect(() => new Value("x" as never)).toThrow(/'type' must be one of "int8" .* "\?": received "x"/);
    expect(() => new RawValue("__proto__" as never)).toThrow(TypeError);
  });

  it("refuses an initial value of another type, or with a fraction", () => {
    expect(() => new Value("int32", "5" as never)).toThrow("Cannot create Value as int32 takes a number: received string");
    expect(() => new Value("int64", 5 as never)).toThrow("Cannot create Value as int64 takes a bigint: received number");
    expect(() => new Value("int32", 1.5)).toThrow(RangeError);
  });

  it("updates under its lock, and keeps the value if the function throws", () => {
    const value = new Value("int32", 2);
    expect(value.update((n) => n * 21)).toBe(42);
    expect(() =>
      value.update(() => {
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(() => value.update(() => Number.NaN)).toThrow(RangeError);
    expect([value.value, value.locked]).toEqual([42, false]);
    expect(value.add(8)).toBe(42);
    expect(value.value).toBe(50);
  });

  it("tells that its lock was abandoned, if that ends an update", () => {
    const value = new Value("int32", 1);
    expect(() =>
      value.update(() => {
        // As a condition's wait does that finds the lock so.
        value.release();
        throw new AbandonedLockError("planned");
      }),
    ).toThrow("planned");
  });

  it("loses nothing between async updates of one thread", async () => {
    const value = new Value("int32", 0);
    await Promise.all(Array.from({ length: 100 }, () => value.updateAsync(async (n) => n + (await Promise.resolve(1)))));
    expect(value.value).toBe(100);
  });

  it("has an RLock of its own, or the lock it is given", () => {
    expect(new Value("i").getLock()).toBeInstanceOf(RLock);
    const lock = new Lock();
    const value = new Value("i", 0, { lock });
    expect(value.getLock()).toBe(lock);
    value.acquire();
    expect([lock.held, Value.attach(posted(value.handle)).lock.held]).toEqual([true, true]);
    value.release();
    expect(() => new Value("i", 0, { lock: false as never })).toThrow(/use RawValue or Atomic/);
  });
});
