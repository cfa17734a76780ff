import { TimeoutError } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const f = task(import.meta, "f", (x: number) => x * x);
export const sleep = task(import.meta, "sleep", (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)));

if (import.meta.main) {
  const pool = new Pool({ size: 4 }); // with Pool(processes=4) as pool:
  console.log((await pool.map(f, Array(10).keys())).join(" "));

  const seen: number[] = [];
  for await (const result of pool.imapUnordered(f, Array(10).keys())) seen.push(result);
  console.log(seen.sort((a, b) => a - b).join(" "));

  const later = pool.apply(f, [20]); // pool.apply_async(f, (20,))
  console.log(await later); // .get()

  try {
    await pool.apply(sleep, [10_000], { timeout: 100 }); // .get(timeout=0.1), but the task ends, too
  } catch (error) {
    if (error instanceof TimeoutError) console.log("We lacked patience");
  }
  await pool.terminate();
}
