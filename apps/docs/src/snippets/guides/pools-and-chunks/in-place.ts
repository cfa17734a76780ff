import { SharedArray } from "@interlock/core";
import { Pool, task, transfer } from "@interlock/pool";

export const half = task(import.meta, "half", (n: number) => n / 2);
export const ramp = task(import.meta, "ramp", (length: number) => {
  const made = Float64Array.from({ length }, (_, i) => i);
  return transfer(made, [made.buffer]); // moved to whoever called, not cloned
});
export const total = task(import.meta, "total", (bytes: Uint8Array) => bytes.reduce((a, b) => a + b, 0));

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const shared = new SharedArray("float64", [2, 4, 6]);
  await pool.map(half, shared); // no element travels
  console.log([...shared].join(" "));

  console.log((await pool.map(half, Float32Array.of(1, 3))).join(" ")); // a typed array gives one
  console.log((await pool.apply(ramp, [1000])).length);

  const bytes = Uint8Array.of(1, 2, 3);
  console.log(await pool.apply(total, [bytes], { transfer: [bytes.buffer] }));
  console.log(`bytes left here: ${bytes.length}`);
  await pool.terminate();
}
