import { Pool, task } from "@interlock/pool";

export const work = task(import.meta, "work", async (n: number) => {
  await new Promise((resolve) => setTimeout(resolve, 5));
  return n;
});

if (import.meta.main) {
  const { progressBar } = await import("@interlock/pool/progress"); // here, so that workers need not load it
  const pool = new Pool({ size: 4 });
  const items = Array.from({ length: 200 }, (_, n) => n);
  await pool.map(work, items, { onProgress: progressBar({ label: "pages", unit: "pages" }) });
  console.log("done"); // the bar is on standard error, and nowhere if that is no terminal
  await pool.terminate();
}
