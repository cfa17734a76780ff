import type { Lock, RawValue, Value } from "@interlock/core";
import { task } from "@interlock/pool";

export const square = task(import.meta, "square", (n: number) => n * n);

export const count = task(import.meta, "count", (counter: Value<"int32">, times: number) => {
  for (let i = 0; i < times; i++) counter.update((n) => n + 1);
});

export const countLocked = task(import.meta, "countLocked", (lock: Lock, counter: RawValue<"int32">, times: number) => {
  for (let i = 0; i < times; i++) lock.run(() => counter.value++);
});

export const reverse = task(import.meta, "reverse", ({ bytes }: { readonly bytes: Uint8Array }) => ({ bytes: bytes.toReversed() }));

export const fail = task(import.meta, "fail", (message: string) => {
  throw new RangeError(message);
});

export const never = task(import.meta, "never", () => new Promise(() => {}));
