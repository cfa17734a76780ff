import { Atomic } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const slow = task(import.meta, "slow", async (begun: Atomic<"int32">) => {
  begun.add(1);
  await new Promise((resolve) => setTimeout(resolve, 20));
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const begun = new Atomic("int32");
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 100);
  const all = pool.map(slow, Array<Atomic<"int32">>(1000).fill(begun), { signal: abort.signal });
  await all.catch((error: Error) => console.log(error.name));
  await new Promise((resolve) => setTimeout(resolve, 200));
  console.log(`most never began: ${begun.load() < 500}`);
  await pool.terminate();
}
