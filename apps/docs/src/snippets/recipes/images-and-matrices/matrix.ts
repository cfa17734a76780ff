import { RawArray } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

const N = 200;
type Matrix = RawArray<"float64">;

/** One row of the product. */
export const multiplyRow = task(import.meta, "multiplyRow", (a: Matrix, b: Matrix, product: Matrix, row: number) => {
  const [x, y, out] = [a.view, b.view, product.view];
  for (let k = 0; k < N; k++) {
    const factor = x[row * N + k] as number;
    for (let j = 0; j < N; j++) out[row * N + j] = (out[row * N + j] as number) + factor * (y[k * N + j] as number);
  }
});

if (import.meta.main) {
  const a: Matrix = new RawArray("float64", N * N);
  const b: Matrix = new RawArray("float64", N * N);
  const product: Matrix = new RawArray("float64", N * N);
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < N; j++) a.view[i * N + j] = i + j;
    b.view[i * N + i] = 2; // twice the identity
  }
  const pool = new Pool({ size: 4 });
  await pool.starmap(
    multiplyRow,
    Array.from({ length: N }, (_, row) => [a, b, product, row] as const),
  );
  console.log(`first row: ${product.slice(0, 4).join(" ")} ...`);
  console.log(`all is doubled: ${product.view.every((value, i) => value === 2 * (a.view[i] as number))}`);
  await pool.terminate();
}
