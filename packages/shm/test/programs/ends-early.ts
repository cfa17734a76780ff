// Ends right after its first wait, as the thread that is to sleep for it starts. Says how it waited for that.
import { Event } from "@interlock/core";
import { createMemory } from "@interlock/shm";

const { wait } = Atomics;
const { writeSync } = process.getBuiltinModule("node:fs");
Atomics.wait = (...args: unknown[]) => {
  const how = (wait as (...args: unknown[]) => ReturnType<typeof wait>)(...args);
  writeSync(1, how);
  return how;
};

const flag = new Event({ memory: createMemory({ size: 4096 }) });
const waiting = flag.waitAsync();
flag.set();
await waiting;
process.exit(7);
