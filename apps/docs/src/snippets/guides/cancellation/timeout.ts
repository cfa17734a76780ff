import { TimeoutError } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const spin = task(import.meta, "spin", (forever: boolean) => {
  while (forever);
  return "done";
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  try {
    await pool.apply(spin, [true], { timeout: 50 });
  } catch (error) {
    console.log(`TimeoutError: ${error instanceof TimeoutError}`);
  }
  console.log(await pool.apply(spin, [false])); // others are served meanwhile
  while (pool.stats().lost === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(`workers lost: ${pool.stats().lost}`); // it could only be ended by force
  await pool.terminate();
}
