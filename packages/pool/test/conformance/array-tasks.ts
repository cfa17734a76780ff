import type { RawArray, SharedArray } from "@interlock/core";
import { task } from "@interlock/pool";

/** Adds to each element the one before: prefix sums, in place. */
export const sumUp = task(import.meta, "sumUp", (array: SharedArray<"int32"> | RawArray<"int32">) => {
  for (let i = 1; i < array.length; i++) array.set(i, array.get(i) + array.get(i - 1));
});
