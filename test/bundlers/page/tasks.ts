import type { Value } from "@interlock/core";
import { task } from "@interlock/pool";

export const square = task(import.meta, "square", (n: number) => n * n);

export const count = task(import.meta, "count", (counter: Value<"int32">, times: number) => {
  for (let i = 0; i < times; i++) counter.update((n) => n + 1);
});
