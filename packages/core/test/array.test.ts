import { AbandonedLockError, attach, Lock, RawArray, RLock, SharedArray, struct, TimeoutError } from "@interlock/core";
import { describe, expect, it } from "vitest";
import { posted } from "./posted.ts";

const point = struct({ x: "int32", y: "float64" });

describe("SharedArray", () => {
  it("has an RLock of its own, or the lock it is given", () => {
    expect(new SharedArray("i", 1).getLock()).toBeInstanceOf(RLock);
    const lock = new Lock();
    const array = new SharedArray("i", 1, { lock });
    expect([array.getLock(), array.lock]).toEqual([lock, lock]);
    array.acquire();
    const attached = attach(posted(array.handle)) as SharedArray<"i">;
    expect([lock.held, attached.held, attached.lock.held, array.locked]).toEqual([true, true, true, true]);
    array.release();
    expect(() => new SharedArray("i", 1, { lock: false as never })).toThrow(/use RawArray/);
    expect(() => new SharedArray("i", 1, { lock: "notalock" as never })).toThrow(TypeError);
    const { lock: _, ...noLock } = array.handle;
    expect(() => SharedArray.attach(noLock)).toThrow(TypeError);
  });

  it("is the same elements without the lock", () => {
    const array = new SharedArray("int32", [1, 2]);
    const raw = array.getObj();
    raw.set(0, 5);
    expect(raw).toBeInstanceOf(RawArray);
    expect(array.getObj()).toBe(raw);
    expect(array.get(0)).toBe(5);
  });

  it("updates an element under its lock, and keeps it if the function throws", () => {
    const array = new SharedArray("int32", [1, 2]);
    expect(array.update(1, (n) => n * 21 + Number(array.held))).toBe(43);
    expect(() =>
      array.update(1, () => {
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(() => array.update(1, () => 0.5)).toThrow("Cannot update element of SharedArray as int32 takes an integer: received 0.5");
    expect(() => array.update(2, (n) => n)).toThrow("Cannot update element of SharedArray as 'index' must be an integer from 0 to 1: received 2");
    expect([...array, array.locked]).toEqual([1, 43, false]);
    const points = new SharedArray(point, 1);
    expect(
      points.update(0, (copy) => {
        copy.x = 4;
      }),
    ).toEqual({ x: 4, y: 0 });
    expect(points.update(0, (copy) => ({ ...copy, y: 0.5 }))).toEqual({ x: 4, y: 0.5 });
  });

  it("loses nothing between async updates of one thread", async () => {
    const array = new SharedArray("int32", 2);
    await Promise.all(Array.from({ length: 100 }, (_, i) => array.updateAsync(i % 2, async (n) => n + (await Promise.resolve(1)))));
    expect([...array]).toEqual([50, 50]);
  });

  it.each([Lock, RLock])("slices, assigns and fills as the owner of its %o, or as nobody", (Kind) => {
    const array = new SharedArray("int32", 3, { lock: new Kind() });
    const work = (): number[] => {
      array.fill(2).assign(1, [3]);
      return [...array.slice()];
    };
    expect([work(), array.locked]).toEqual([[2, 3, 2], false]);
    expect([array.run(work), array.locked]).toEqual([[2, 3, 2], false]);
  });

  it("checks values before it takes the lock", () => {
    const array = new SharedArray("int32", 3);
    const values = (function* () {
      expect(array.held).toBe(false);
      yield 1;
    })();
    array.assign(0, values);
    expect(() => array.assign(0, [0.5])).toThrow(RangeError);
    expect([array.get(0), array.locked]).toEqual([1, false]);
  });

  it("passes on what its lock has to say", async () => {
    const array = new SharedArray("int32", 1, { lock: new Lock() });
    array.acquire();
    await expect(array.updateAsync(0, (n) => n, { timeout: 1 })).rejects.toThrow(TimeoutError);
    array.release();
    expect(array.update(0, (n) => n + 1, { timeout: 0 })).toBe(1);
    expect(AbandonedLockError.prototype).toBeInstanceOf(Error);
  });
});
