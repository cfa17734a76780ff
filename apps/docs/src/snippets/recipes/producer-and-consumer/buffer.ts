import { Condition, RawArray, RawValue } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

const ROOM = 4;
type Buffer = { readonly changed: Condition; readonly slots: RawArray<"int32">; readonly used: RawValue<"int32"> };

export const produce = task(import.meta, "produce", ({ changed, slots, used }: Buffer, numbers: readonly number[]) => {
  for (const n of numbers) {
    changed.run(() => {
      changed.waitFor(() => used.value < ROOM); // gives the lock up while it waits
      slots.set(used.value++, n);
      changed.notifyAll();
    });
  }
});

export const consume = task(import.meta, "consume", ({ changed, slots, used }: Buffer, count: number) => {
  let sum = 0;
  for (let i = 0; i < count; i++) {
    changed.run(() => {
      changed.waitFor(() => used.value > 0);
      sum += slots.get(--used.value);
      changed.notifyAll();
    });
  }
  return sum;
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const buffer: Buffer = { changed: new Condition(), slots: new RawArray("int32", ROOM), used: new RawValue("int32") };
  const numbers = Array.from({ length: 50 }, (_, i) => i + 1);
  const producers = [pool.apply(produce, [buffer, numbers]), pool.apply(produce, [buffer, numbers])];
  const sums = await Promise.all([pool.apply(consume, [buffer, 50]), pool.apply(consume, [buffer, 50])]);
  await Promise.all(producers);
  console.log(`put and taken: ${sums.reduce((a, b) => a + b, 0)}`);
  await pool.terminate();
}
