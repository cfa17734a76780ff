// Threads and processes that wait for a lock of several processes, blocking and not, are terminated: then nothing keeps the program.
import { Lock, Semaphore } from "@interlock/core";
import { Process, Thread } from "@interlock/pool";
import { createMemory } from "@interlock/shm";
import { waitForOnce } from "../fixtures/shm-tasks.ts";

const memory = createMemory({ size: 1 << 16 });
const [lock, waiting] = [new Lock({ memory }), new Semaphore(0, { memory })];
lock.acquire();
const waiters = [true, false].flatMap((blocking) => [Process, Thread].map((Kind) => new Kind(waitForOnce, [lock, waiting, blocking])));
for (const waiter of waiters) waiter.start();
await waiting.acquireAsync({ permits: waiters.length });
await new Promise((resolve) => setTimeout(resolve, 100));
await Promise.all(waiters.map((waiter) => waiter.terminate()));
console.log("end");
