import { Pool, task, WorkerLostError } from "@interlock/pool";

export const work = task(import.meta, "work", (n: number) => {
  if (n === 2) process.exit(3); // as a crash would
  return n * 10;
});

if (import.meta.main) {
  const pool = new Pool({ size: 4, backend: "process" });
  try {
    await pool.map(work, [1, 2, 3]);
  } catch (error) {
    if (!(error instanceof WorkerLostError)) throw error;
    console.log(`lost with exit code ${error.exitCode}`);
  }
  const again = await pool.map(work, [4, 5]); // the worker has been replaced
  console.log(again.join(" "));
  await pool.terminate();
}
