import type { Lock, RawValue, Value } from "@interlock/core";
import { task } from "@interlock/pool/worker";

export const square = task(import.meta, "square", (n: number) => n * n);

export const count = task(import.meta, "count", (lock: Lock, counter: RawValue<"int32">, times: number) => {
  for (let i = 0; i < times; i++) lock.run(() => counter.value++);
});

export const add = task(import.meta, "add", (counter: Value<"int32">, times: number) => {
  for (let i = 0; i < times; i++) counter.update((n) => n + 1);
});
