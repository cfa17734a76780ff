import { Pool, type ProgressReport, task } from "@interlock/pool";

export const work = task(import.meta, "work", async (n: number) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  if (n === 3) throw new RangeError("three is too much");
  return n;
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const reports: ProgressReport[] = [];
  const onProgress = (report: ProgressReport): unknown => reports.push(report);
  await pool
    .map(
      work,
      Array.from({ length: 100 }, (_, n) => n),
      { onProgress },
    )
    .catch((error: Error) => console.log(error.message));
  const [first, last] = [reports[0], reports.at(-1)];
  console.log(`first: ${first?.done} of ${first?.total}`);
  console.log(`last: ${last?.done} of ${last?.total}, ${last?.failed} failed, ended: ${last?.ended}`);
  console.log(`several between: ${reports.length > 2}`);
  await pool.terminate();
}
