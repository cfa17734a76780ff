import { Atomic } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const sumTo = task(import.meta, "sumTo", (done: Atomic<"int32">, n: number) => {
  let sum = 0;
  for (let i = 1; i <= n; i++) {
    sum += i;
    if (i % 1_000_000 === 0) done.add(1); // costs nothing, unlike a message
  }
  return sum;
});

// A <progress> element, in a page.
const bar = { value: 0 };

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const done = new Atomic("int32");
  const parts = Promise.all([1, 2, 3, 4].map(() => pool.apply(sumTo, [done, 20_000_000])));
  const show = () => {
    bar.value = done.load() / 80;
  };
  // In a page: once for each frame, by requestAnimationFrame.
  const shown = setInterval(show, 20);
  const sums = await parts;
  clearInterval(shown);
  show();
  console.log(`${100 * bar.value} %, and each is ${sums[0]}`);
  await pool.terminate();
}
