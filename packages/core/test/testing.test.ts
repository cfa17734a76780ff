import { Lock, Queue, RawArray, Value } from "@interlock/core";
import { sliceRescues, useMemory } from "@interlock/core/testing";
import { afterEach, expect, it } from "vitest";

afterEach(() => useMemory(undefined));

it("useMemory lets objects lie in a memory that are given none, and those in theirs that are", () => {
  // Large enough to have a slab to itself, with room for others beside it.
  const [{ memory }, other] = [new RawArray("uint8", 1 << 16), new Value("int32")];
  useMemory(memory);
  expect([new Lock().memory, new Value("int32").lock.memory]).toEqual([memory, memory]);
  expect(new Lock({ memory: other.memory }).memory).toBe(other.memory);
  expect(sliceRescues()).toBe(0);
  expect(() => new Queue({ capacityBytes: 1 << 20 })).toThrow(/Cannot allocate/);
  useMemory(undefined);
  expect(new Lock().memory).not.toBe(memory);
});

it.each([[null], [{}], ["memory"]])("useMemory refuses %j", (memory) => {
  expect(() => useMemory(memory as never)).toThrow(TypeError);
});
