import { Pool, type ProgressReport, task } from "@interlock/pool";

export const work = task(import.meta, "work", async (n: number) => {
  await new Promise((resolve) => setTimeout(resolve, 10));
  return n;
});

/** What a <progress> element and a line below it show. */
function draw({ done, total, eta, ended }: ProgressReport): { value: number; max: number | undefined; text: string } {
  const left = ended ? "done" : eta === undefined ? "" : `${eta.toFixed(1)} s left`;
  return { value: done, max: total, text: `${done} of ${total ?? "?"} ${left}` };
}

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  let shown = draw({ done: 0, failed: 0, total: undefined, rate: 0, eta: undefined, ended: false });
  const items = Array.from({ length: 100 }, (_, n) => n);
  await pool.map(work, items, { onProgress: (report) => (shown = draw(report)) });
  console.log(shown.text);
  console.log(`value ${shown.value}, max ${shown.max}`);
  await pool.terminate();
}
