// The main part is not guarded: a worker that imports the task would start workers in turn.
import { Pool, Process, Thread, task } from "@interlock/pool";

const double = task(import.meta, "double", (n: number) => n * 2);

const told = (error: Error): string => `${error.name}: ${error.message}`;

console.log("main");
const { KIND, BACKEND } = process.env;
if (KIND === "Pool") {
  const pool = new Pool({ size: 1, backend: BACKEND as "thread" | "process" });
  console.log(await pool.apply(double, [1]).catch(told));
  await pool.terminate();
} else {
  const Kind = KIND === "Process" ? Process : Thread;
  const child = new Kind(double, [1]);
  child.start();
  console.log(await child.result().catch(told));
}
