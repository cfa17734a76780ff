// Ends right after its first wait, before the thread that is to sleep for it has begun.
import { Event } from "@interlock/core";
import { createMemory } from "@interlock/shm";

const threads = process.getBuiltinModule("node:worker_threads");
const source = `
  const { workerData } = process.getBuiltinModule("node:worker_threads");
  const words = new Int32Array(workerData);
  Atomics.wait(words, 2, 0, 200);
  process.getBuiltinModule("node:fs").writeSync(1, "begun");
  Atomics.store(words, 1, 1);
  Atomics.notify(words, 1);
  setInterval(() => {}, 1000);
`;
threads.Worker = class extends threads.Worker {
  constructor(_: unknown, { workerData }: { workerData?: unknown } = {}) {
    super(source, { eval: true, workerData });
  }
};

const flag = new Event({ memory: createMemory({ size: 4096 }) });
const waiting = flag.waitAsync();
flag.set();
await waiting;
process.exit(7);
