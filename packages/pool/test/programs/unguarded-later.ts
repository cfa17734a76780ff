// The main part is neither guarded nor awaited, and gets to work while a task runs: still the chain must end.
import { setTimeout as delay } from "node:timers/promises";
import { Pool, Process, Thread, task } from "@interlock/pool";

const slow = task(import.meta, "slow", async (n: number) => {
  await delay(500);
  return n * 2;
});

async function main(): Promise<void> {
  console.log("main");
  await delay(50);
  if (process.env["KIND"] === "Pool") {
    const pool = new Pool({ size: 1, backend: process.env["BACKEND"] as "thread" | "process" });
    console.log(await pool.apply(slow, [1]).catch((error: Error) => String(error.cause)));
    await pool.terminate();
  } else {
    const Kind = process.env["KIND"] === "Process" ? Process : Thread;
    const child = new Kind(slow, [1]);
    child.start();
    console.log(await child.result().catch((error: Error) => String(error.cause)));
  }
}

void main();
