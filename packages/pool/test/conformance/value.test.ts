import { Lock, RawValue, RLock, Value } from "@interlock/core";
import { expect, it } from "vitest";
import { forbidRescues, resultsOf, startThreads } from "./support.ts";
import { cases, setAll } from "./value-tasks.ts";

forbidRescues();

it.each([
  ["_TestValue.test_value", Value],
  ["_TestValue.test_rawvalue", RawValue as unknown as typeof Value],
])("%s", async (_, Kind) => {
  const values = cases.map(([type, first]) => new Kind(type, first as never));
  expect(values.map(({ value }) => value)).toEqual(cases.map(([, first]) => first));
  await resultsOf(startThreads(1, setAll, [values as never]));
  expect(values.map(({ value }) => value)).toEqual(cases.map(([, , second]) => second));
});

it("_TestValue.test_getobj_getlock", () => {
  for (const value of [new Value("i", 5), new Value("i", 5, { lock: undefined })]) {
    expect(value.getLock()).toBeInstanceOf(RLock);
    expect(value.getObj()).toBeInstanceOf(RawValue);
    expect(value.getObj().value).toBe(5);
  }
  const lock = new Lock();
  expect(new Value("i", 5, { lock }).getLock()).toBe(lock);
  const raw = new RawValue("i", 5);
  expect(["getLock" in raw, "getObj" in raw]).toEqual([false, false]);
  expect(() => new Value("i", 5, { lock: false as never })).toThrow(/use RawValue/);
  expect(() => new Value("i", 5, { lock: "navalue" as never })).toThrow(TypeError);
});

it("_TestValue.test_invalid_typecode", () => {
  expect(() => new Value("x" as never)).toThrow(TypeError);
  expect(() => new RawValue("x" as never)).toThrow(TypeError);
});
