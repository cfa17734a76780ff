import { Event, inspect, Lock, TimeoutError } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const hold = task(import.meta, "hold", (lock: Lock, taken: Event, enough: Event) => {
  lock.run(() => {
    taken.set();
    enough.wait();
  });
});

if (import.meta.main) {
  const [lock, taken, enough] = [new Lock(), new Event(), new Event()];
  const pool = new Pool({ size: 4, name: "crunch" });
  const held = pool.apply(hold, [lock, taken, enough]);
  await taken.waitAsync();
  try {
    await lock.acquireAsync({ timeout: 200 });
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error;
    const { owner, since } = inspect(lock);
    console.log(error.message);
    console.log(`held by a worker of the pool: ${owner?.name.startsWith("crunch")}, which lives: ${owner?.alive}`);
    console.log(`known since when: ${since instanceof Date}`);
  }
  enough.set();
  await held;
  console.log(`held now: ${lock.locked}`);
  await pool.terminate();
}
