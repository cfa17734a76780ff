// Many threads that spin are terminated while this one blocks: each is ended once.
import { Event } from "@interlock/core";
import { Thread } from "@interlock/pool";
import { spin } from "../fixtures/tasks.ts";

const threads = Array.from({ length: 3 }, () => new Thread(spin));
for (const thread of threads) thread.start();
await new Promise((resolve) => setTimeout(resolve, 300));
for (const thread of threads) void thread.terminate();
new Event().wait({ timeout: 1500 });
for (const thread of threads) await thread.join();
console.log("end");
