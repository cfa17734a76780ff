import type { RawValue, Value } from "@interlock/core";
import { task } from "@interlock/pool";

/** Types, what their values start as, and what a thread sets them to; a byte for Python's `c`. */
export const cases = [
  ["i", 4343, 24234],
  ["d", 3.625, -4.25],
  ["h", -232, 234],
  ["q", 2n ** 33n, 2n ** 34n],
  ["B", 120, 121],
] as const;

type Any = Value<"int32"> | RawValue<"int32">;

/** Sets each value to the second of its case. */
export const setAll = task(import.meta, "setAll", (values: readonly Any[]) => {
  for (const [i, value] of values.entries()) value.value = cases[i]?.[2] as never;
});
