// As many descriptors are left as the environment says: a process that needs more cannot be started, and the program goes on.
import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { Process } from "@interlock/pool";
import { square } from "../fixtures/tasks.ts";

const LEFT = Number(process.env["LEFT"]);

async function attempt(): Promise<void> {
  try {
    const child = new Process(square, [3]);
    child.start();
    console.log(await child.result());
    await child.join();
  } catch (error) {
    console.log(/EMFILE|too many open files/i.test(String((error as Error).cause ?? error)) ? "refused" : error);
  }
}

/** Opens files until no more can be opened. */
function hoard(): number[] {
  const open: number[] = [];
  try {
    for (;;) open.push(openSync("/dev/null", "r"));
  } catch {
    return open;
  }
}

await attempt();
spawnSync("prlimit", ["--pid", String(process.pid), "--nofile=300:"]);
const open = hoard();
for (const descriptor of open.splice(0, LEFT)) closeSync(descriptor);
await attempt();
for (const descriptor of open) closeSync(descriptor);
await attempt();
