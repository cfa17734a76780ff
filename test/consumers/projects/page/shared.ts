import { Lock, RawValue, Value } from "@interlock/core";
import { Pool, Thread } from "@interlock/pool";
import { report } from "./report.js";
import { count, countLocked, square } from "./tasks.js";

const worker = () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" });

await report(async () => {
  const [lock, raw] = [new Lock(), new RawValue("int32", 0)];
  const threads = [1, 2].map(() => new Thread(countLocked, [lock, raw, 10_000], { worker }));
  for (const thread of threads) thread.start();
  await Promise.all(threads.map((thread) => thread.result()));

  const pool = new Pool({ size: 2, worker });
  try {
    const squares = await pool.map(square, [1, 2, 3]);
    const counter = new Value("int32", 0);
    await Promise.all([1, 2].map(() => pool.apply(count, [counter, 10_000])));
    return { threads: raw.value, squares, pool: counter.value };
  } finally {
    await pool.terminate();
  }
});
