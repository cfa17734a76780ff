import { Pool } from "@interlock/pool";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Progress } from "../src/dispatch/progress.ts";
import { Mapping } from "../src/dispatch/range.ts";
import { Spare } from "../src/dispatch/spare.ts";
import { targetOf } from "../src/dispatch/target.ts";
import { nextUp } from "./fixtures/target-tasks.ts";

describe("memory that a map needs no longer", () => {
  const spare = new Spare();
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    spare.forget();
    vi.useRealTimers();
  });

  it("is given to one at a time", () => {
    const first = spare.take(Float64Array, 1000);
    expect(first).toEqual(new Float64Array(new SharedArrayBuffer(8000)));
    spare.giveBack(first);
    const second = spare.take(Int16Array, 1001);
    expect([second.buffer, second.byteOffset, second.length]).toEqual([first.buffer, 0, 1001]);
    expect(second.buffer).toBe(first.buffer);
    expect(spare.take(Int16Array, 1001).buffer).not.toBe(first.buffer);
  });

  it.each([2000, 2001, 7999, 8000])("serves one who wants %i of 8000 bytes", (bytes) => {
    const first = spare.take(Float64Array, 1000);
    spare.giveBack(first);
    expect(spare.take(Uint8Array, bytes).buffer).toBe(first.buffer);
  });

  it.each([999, 1999, 8001, 100_000])("is no use to one who wants %i bytes and not 8000, and stays for another", (bytes) => {
    const first = spare.take(Float64Array, 1000);
    spare.giveBack(first);
    const other = spare.take(Uint8Array, bytes);
    expect(other.buffer.byteLength).toBe(bytes);
    spare.giveBack(other);
    expect(spare.take(Float64Array, 1000).buffer === first.buffer).toBe(bytes < 8000);
  });

  it("is kept for a second", () => {
    const first = spare.take(Float64Array, 1000);
    spare.giveBack(first);
    vi.advanceTimersByTime(900);
    spare.giveBack(spare.take(Float64Array, 1000));
    vi.advanceTimersByTime(900);
    expect(spare.take(Float64Array, 1000).buffer).toBe(first.buffer);
    spare.giveBack(first);
    vi.advanceTimersByTime(1000);
    expect(spare.take(Float64Array, 1000).buffer).not.toBe(first.buffer);
  });
});

describe("maps after each other", () => {
  const LENGTH = 40_000;
  const numbers = Array.from({ length: LENGTH }, (_, i) => i);

  it("read no items, and take no memory, if they are refused for their options", async () => {
    await using pool = new Pool({ size: 1 });
    const take = vi.spyOn(Spare.prototype, "take");
    let read = 0;
    const items = {
      *[Symbol.iterator]() {
        for (; read < LENGTH; read++) yield read;
      },
    };
    await expect(pool.map(nextUp, items, { chunkSize: 0 })).rejects.toThrow(RangeError);
    await expect(pool.map(nextUp, items, { timeout: Number.NaN })).rejects.toThrow(RangeError);
    expect([read, take.mock.calls.length]).toEqual([0, 0]);
    expect(await pool.map(nextUp, items)).toHaveLength(LENGTH);
    expect([read, take.mock.calls.length]).toEqual([LENGTH, 1]);
    take.mockRestore();
  });

  it("keep nothing once their pool has ended", async () => {
    const forget = vi.spyOn(Spare.prototype, "forget");
    const pool = new Pool({ size: 1 });
    await pool.map(nextUp, numbers);
    forget.mockClear();
    await pool.terminate();
    expect(forget).toHaveBeenCalledOnce();
    forget.mockRestore();
  });

  it("are right, whatever length and type they have", async () => {
    await using pool = new Pool({ size: 2 });
    for (const length of [LENGTH, LENGTH, LENGTH / 2, LENGTH / 8, LENGTH - 1, LENGTH]) {
      const some = numbers.slice(0, length);
      const expected = some.map((n) => n + 1);
      expect(await pool.map(nextUp, some)).toEqual(expected);
      expect(await pool.map(nextUp, Float64Array.from(some))).toEqual(Float64Array.from(expected));
      expect(await pool.map(nextUp, Int32Array.from(some))).toEqual(Int32Array.from(expected));
      const both = await Promise.all([pool.map(nextUp, some), pool.map(nextUp, expected)]);
      expect(both).toEqual([expected, expected.map((n) => n + 1)]);
    }
  });
});

describe("a map over many numbers", () => {
  const spare = new Spare();
  const reference = { module: "", name: "" } as never;

  /** A map whose calls are done by hand, and its memory. */
  function begin(input: readonly number[] | Float64Array, failFast: boolean): { mapping: Mapping; memory: ArrayBufferLike } {
    const target = targetOf(input, { mapsInPlace: true, sharesMemory: true }, spare);
    const { input: numbers } = target.place(0, 1) as { input: Float64Array };
    const init = { target, task: reference, options: {}, chunkSize: undefined, spread: false, since: 0, onReport: undefined, failFast };
    const settle = { resolve: () => {}, reject: () => {} };
    return { mapping: new Mapping({ ...init, progress: new Progress(target.length, undefined) }, settle, () => {}), memory: numbers.buffer };
  }

  const isBack = (memory: ArrayBufferLike): boolean => spare.take(Float64Array, 5000).buffer === memory;
  const list = Array.from({ length: 5000 }, (_, i) => i);

  it.each([
    ["list", list],
    ["typed array", Float64Array.from(list)],
  ] as const)("over a %s gives its memory back when all calls have succeeded, and only then", (_, input) => {
    const { mapping, memory } = begin(input, false);
    mapping.done(4999);
    expect(isBack(memory)).toBe(false);
    mapping.done(1);
    expect(isBack(memory)).toBe(true);
  });

  it("keeps it for workers that may still write there after one has failed", () => {
    const hasty = begin(list, true);
    hasty.mapping.failed(3, new Error("first"));
    hasty.mapping.done(4999);
    expect(isBack(hasty.memory)).toBe(false);
    const patient = begin(list, false);
    patient.mapping.failed(3, new Error("first"));
    patient.mapping.done(4999);
    expect(isBack(patient.memory)).toBe(false);
    const aborted = begin(list, false);
    aborted.mapping.abandon(new Error("enough"));
    expect(isBack(aborted.memory)).toBe(false);
  });

  it("never lends what its user has", () => {
    const { mapping } = begin(new Float64Array(new SharedArrayBuffer(40_000)), false);
    mapping.done(5000);
    const result = mapping.target.result() as Float64Array;
    expect(isBack(result.buffer)).toBe(false);
  });
});
