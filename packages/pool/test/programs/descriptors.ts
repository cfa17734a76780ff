// Starts many processes that end in all ways, and says how many more descriptors are open then than before.
import { readdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { Pool, Process } from "@interlock/pool";
import { square } from "../fixtures/tasks.ts";

const isDeno = "Deno" in globalThis;

/** So many a runtime opens when it likes, and once. Each process that ended without giving back one of its own would add more. */
const SPARE = 4;

async function run(how: string): Promise<void> {
  const child = new Process(square, [2], how === "cannot be started" ? { cwd: "/nonexistent" } : how === "is refused" ? { cwd: "\0" } : {});
  try {
    child.start();
  } catch {
    return;
  }
  if (how === "is killed") child.kill();
  if (how === "is terminated") await child.terminate();
  await child.join();
}

// Deno keeps the sockets of a process that could not be started.
const ways = ["returns", "is killed", "is terminated", ...(isDeno ? [] : ["cannot be started", "is refused"])];

const uses: Readonly<Record<string, () => Promise<unknown>>> = {
  processes: () => Promise.all(ways.map(run)),
  async pools() {
    const pool = new Pool({ size: 2, backend: "process", maxTasksPerWorker: 1 });
    await pool.map(square, [1, 2, 3]);
    await pool.terminate();
  },
};

const use = uses[process.env["WHAT"] as string] as () => Promise<unknown>;
const open = (): number => readdirSync("/proc/self/fd").length;
// What a program opens for good.
await use();
const before = open();
for (let i = 0; i < 10; i++) await use();
// The last may still be on their way out.
for (let i = 0; i < 100 && open() > before + SPARE; i++) await setTimeout(20);
console.log(open() > before + SPARE ? `${open() - before} more` : "as before");
