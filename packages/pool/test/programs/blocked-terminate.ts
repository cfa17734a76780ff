// Many children that spin are terminated while this thread blocks: each is ended once.
import { Event } from "@interlock/core";
import { Process, Thread } from "@interlock/pool";
import { spin } from "../fixtures/tasks.ts";

const Kind = process.env["KIND"] === "Process" ? Process : Thread;
const children = Array.from({ length: 3 }, () => new Kind(spin));
for (const child of children) child.start();
await new Promise((resolve) => setTimeout(resolve, 300));
for (const child of children) void child.terminate();
new Event().wait({ timeout: 1500 });
for (const child of children) await child.join();
console.log("end");
