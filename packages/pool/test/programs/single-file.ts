// One file is the program and the module of its task.
import { Pool, task } from "@interlock/pool";

const triple = task(import.meta, "triple", (n: number) => n * 3);

if (import.meta.main) {
  const pool = new Pool({ size: 2, backend: process.env["BACKEND"] as "thread" | "process" });
  try {
    console.log(await pool.map(triple, [1, 2, 3]));
  } finally {
    await pool.terminate();
  }
}
