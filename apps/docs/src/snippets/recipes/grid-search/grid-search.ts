import { Pool, task } from "@interlock/pool";

interface Params {
  readonly rate: number;
  readonly momentum: number;
}

/** How far gradient descent comes on Rosenbrock's valley with these settings: lower is better. */
export const loss = task(import.meta, "loss", ({ rate, momentum }: Params) => {
  let [x, y, dx, dy] = [-1.5, 2, 0, 0];
  for (let step = 0; step < 20_000; step++) {
    dx = momentum * dx - rate * (-2 * (1 - x) - 400 * x * (y - x * x));
    dy = momentum * dy - rate * (200 * (y - x * x));
    x += dx;
    y += dy;
    if (!Number.isFinite(x + y)) return Infinity; // it flew away
  }
  return (1 - x) ** 2 + 100 * (y - x * x) ** 2;
});

if (import.meta.main) {
  const rates = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2];
  const momenta = [0, 0.5, 0.9, 0.99];
  const grid = rates.flatMap((rate) => momenta.map((momentum): Params => ({ rate, momentum })));

  const pool = new Pool({ size: 4 });
  const losses = await pool.map(loss, grid);
  const best = losses.indexOf(Math.min(...losses));
  console.log(`${grid.length} combinations tried`);
  console.log(`${losses.filter((one) => one === Infinity).length} of them flew away`);
  console.log(`best: rate ${grid[best]?.rate}, momentum ${grid[best]?.momentum}`);
  await pool.terminate();
}
