import { AbandonedLockError, Event, Lock } from "@interlock/core";
import { Process, task } from "@interlock/pool";
import { createMemory } from "@interlock/shm";

export const hold = task(import.meta, "hold", (lock: Lock, held: Event) => {
  lock.acquire();
  held.set();
  for (;;);
});

if (import.meta.main) {
  const memory = createMemory({ size: 4096 });
  const [lock, held] = [new Lock({ memory }), new Event({ memory })];
  const child = new Process(hold, [lock, held]);
  child.start();
  await held.waitAsync();
  child.kill(); // as the system does when memory runs out
  await child.join();
  try {
    await lock.acquireAsync();
  } catch (error) {
    console.log(`abandoned: ${error instanceof AbandonedLockError}`);
    console.log(`recovered: ${lock.recover()}`);
    lock.release();
  }
  memory.close();
}
