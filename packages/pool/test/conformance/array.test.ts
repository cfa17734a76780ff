import { Lock, RawArray, RLock, SharedArray } from "@interlock/core";
import { expect, it } from "vitest";
import { sumUp } from "./array-tasks.ts";
import { forbidRescues, resultsOf, startThreads } from "./support.ts";

forbidRescues();

it.each([
  ["_TestArray.test_array", SharedArray],
  ["_TestArray.test_rawarray", RawArray as unknown as typeof SharedArray],
])("%s", async (_, Kind) => {
  const numbers = [680, 626, 934, 821, 150, 233, 548, 982, 714, 831];
  const array = new Kind("i", numbers);
  expect([array.length, array.get(3)]).toEqual([numbers.length, numbers[3]]);
  expect([...array.slice(2, 7)]).toEqual(numbers.slice(2, 7));
  array.assign(4, new Int32Array([1, 2, 3, 4]));
  numbers.splice(4, 4, 1, 2, 3, 4);
  expect([...array.slice()]).toEqual(numbers);
  for (let i = 1; i < numbers.length; i++) numbers[i] = (numbers[i] as number) + (numbers[i - 1] as number);
  await resultsOf(startThreads(1, sumUp, [array as never]));
  expect([...array.slice()]).toEqual(numbers);
});

it("_TestArray.test_array_from_size", () => {
  for (let round = 0; round < 3; round++) {
    const array = new SharedArray("i", 10);
    expect(array.length).toBe(10);
    expect([...array]).toEqual(Array(10).fill(0));
    array.assign(0, Array(10).keys());
    expect([...array]).toEqual([...Array(10).keys()]);
  }
});

it("_TestArray.test_getobj_getlock_obj", () => {
  for (const array of [new SharedArray("i", Array(10).keys()), new SharedArray("i", Array(10).keys(), { lock: undefined })]) {
    expect(array.getLock()).toBeInstanceOf(RLock);
    expect(array.getObj()).toBeInstanceOf(RawArray);
    expect([...array.getObj()]).toEqual([...Array(10).keys()]);
  }
  const lock = new Lock();
  expect(new SharedArray("i", Array(10).keys(), { lock }).getLock()).toBe(lock);
  const raw = new RawArray("i", Array(10).keys());
  expect(["getLock" in raw, "getObj" in raw]).toEqual([false, false]);
  expect(() => new SharedArray("i", Array(10).keys(), { lock: false as never })).toThrow(/use RawArray/);
  expect(() => new SharedArray("i", Array(10).keys(), { lock: "notalock" as never })).toThrow(TypeError);
});

it("_TestArray.test_invalid_typecode", () => {
  expect(() => new SharedArray("x" as never, [])).toThrow(TypeError);
  expect(() => new RawArray("x" as never, [])).toThrow(TypeError);
});
