import { SharedArray } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

/** Moves money between two accounts: their sum must never change. */
export const move = task(import.meta, "move", (accounts: SharedArray<"int32">, amount: number) => {
  accounts.acquire();
  try {
    accounts.set(0, accounts.get(0) - amount);
    accounts.set(1, accounts.get(1) + amount);
  } finally {
    accounts.release();
  }
});

if (import.meta.main) {
  const accounts = new SharedArray("int32", [1000, 0]);
  const pool = new Pool({ size: 4 });
  await pool.starmap(
    move,
    Array.from({ length: 100 }, (_, i) => [accounts, i % 10]),
  );
  console.log([...accounts], "sum", accounts.get(0) + accounts.get(1));
  await pool.terminate();
}
