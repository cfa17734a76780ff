import { RawArray } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

const [WIDTH, HEIGHT] = [64, 48];

/** Rows `from` to `to` of the target: each pixel the mean of the nine around it in the source. */
export const blur = task(import.meta, "blur", (source: RawArray<"uint8">, target: RawArray<"uint8">, from: number, to: number) => {
  const [a, b] = [source.view, target.view]; // plain typed arrays over the shared memory
  for (let y = from; y < to; y++) {
    for (let x = 0; x < WIDTH; x++) {
      let [sum, count] = [0, 0];
      for (let v = Math.max(0, y - 1); v <= Math.min(HEIGHT - 1, y + 1); v++) {
        for (let u = Math.max(0, x - 1); u <= Math.min(WIDTH - 1, x + 1); u++) {
          sum += a[v * WIDTH + u] as number;
          count++;
        }
      }
      b[y * WIDTH + x] = sum / count;
    }
  }
});

if (import.meta.main) {
  const source = new RawArray("uint8", WIDTH * HEIGHT);
  const target = new RawArray("uint8", WIDTH * HEIGHT);
  for (let i = 0; i < source.length; i++) source.view[i] = (i * 7919) % 256; // noise, say

  const pool = new Pool({ size: 4 });
  const bands = Array.from({ length: 8 }, (_, i) => i * 6);
  await Promise.all(bands.map((from) => pool.apply(blur, [source, target, from, from + 6]))); // no two write the same pixel
  const contrast = (image: RawArray<"uint8">): number => Math.max(...image.view) - Math.min(...image.view);
  console.log(`contrast before: ${contrast(source)}`);
  console.log(`less after: ${contrast(target) < contrast(source)}`);
  await pool.terminate();
}
