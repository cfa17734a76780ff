import { RawArray, RawValue, SharedArray, Value } from "@interlock/core";
import { expect, it } from "vitest";
import { double, foo, setText, textOf } from "./shared-types-tasks.ts";
import { forbidRescues, resultsOf, startThreads } from "./support.ts";

forbidRescues();

it.each([
  ["_TestSharedCTypes.test_sharedctypes", RawValue as unknown as typeof Value, RawArray as unknown as typeof SharedArray],
  ["_TestSharedCTypes.test_synchronize", Value, SharedArray],
])("%s", async (_, Single, Many) => {
  const [x, y, z] = [new Single("i", 7), new Single("d", 1 / 3), new Single("q", 2n ** 33n)];
  const record = new Single(foo, { x: 3, y: 2, z: 0n });
  const array = new Many("d", Array(10).keys());
  const text = new Many("B", 20);
  setText(text, "hello");
  await resultsOf(startThreads(1, double, [x, y, z, record, array, text]));
  expect([x.value, y.value, z.value]).toEqual([14, 2 / 3, 2n ** 34n]);
  expect(record.value.toJSON()).toEqual({ x: 6, y: 4, z: 0n });
  expect([...array]).toEqual(Array.from({ length: 10 }, (_, i) => i * 2));
  expect(textOf(text)).toBe("hellohello");
});

it("_TestSharedCTypes.test_copy", () => {
  const original = new RawValue(foo, { x: 2, y: 5, z: 2n ** 33n });
  const copy = new RawValue(foo, original.value);
  original.value = { x: 0, y: 0, z: 0n };
  expect([copy.value.x, copy.value.y, copy.value.z]).toEqual([2, 5, 2n ** 33n]);
});
