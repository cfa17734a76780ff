import { Barrier, Lock, TimeoutError } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const crossed = task(import.meta, "crossed", (first: Lock, second: Lock, both: Barrier) => {
  return first.run(() => {
    both.wait(); // now each has one lock, and wants the other's
    try {
      return second.run(() => "went through", { timeout: 300 });
    } catch (error) {
      if (error instanceof TimeoutError) return "would have waited for ever";
      throw error;
    }
  });
});

export const ordered = task(import.meta, "ordered", (one: Lock, other: Lock) => {
  return one.run(() => other.run(() => "went through", { timeout: 10_000 }), { timeout: 10_000 });
});

if (import.meta.main) {
  const [a, b, both] = [new Lock(), new Lock(), new Barrier(2)];
  const pool = new Pool({ size: 4 });
  const results = await Promise.all([pool.apply(crossed, [a, b, both]), pool.apply(crossed, [b, a, both])]);
  console.log(`in different order: one ${results.sort().at(-1)}`);
  const fine = await Promise.all([pool.apply(ordered, [a, b]), pool.apply(ordered, [a, b])]);
  console.log(`in the same order: ${fine.join(", ")}`);
  await pool.terminate();
}
