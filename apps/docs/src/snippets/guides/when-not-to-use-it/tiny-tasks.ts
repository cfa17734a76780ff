import { SharedArray } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const square = task(import.meta, "square", (n: number) => n * n);

async function timed(title: string, work: () => unknown): Promise<void> {
  const start = performance.now();
  await work();
  console.log(`${title}: ${(performance.now() - start).toFixed(1)} ms`);
}

if (import.meta.main) {
  const numbers = Array.from({ length: 100_000 }, (_, i) => i % 100);
  const shared = new SharedArray("float64", numbers);
  const pool = new Pool({ size: 4 });
  for (const items of [numbers, shared]) await pool.map<number, number, typeof items>(square, items); // all are warm
  await timed("a loop", () => numbers.map((n) => n * n));
  await timed("a map of the pool", () => pool.map(square, numbers));
  await timed("in place, shared", () => pool.map(square, shared));
  await timed("1000 calls, one after the other", async () => {
    for (let i = 0; i < 1000; i++) await pool.apply(square, [i]);
  });
  await timed("1000 calls at once", () => Promise.all(numbers.slice(0, 1000).map((n) => pool.apply(square, [n]))));
  await pool.terminate();
}
