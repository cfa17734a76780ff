import { context, Pool, task } from "@interlock/pool";

export const countUp = task(import.meta, "countUp", async () => {
  const { signal } = context();
  let n = 0;
  while (!signal.aborted) {
    n++;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return n; // nobody waits for it: the call was rejected already
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error("the user left")), 50);
  try {
    await pool.apply(countUp, [], { signal: abort.signal });
  } catch (error) {
    console.log((error as Error).message);
  }
  await pool.terminate();
}
