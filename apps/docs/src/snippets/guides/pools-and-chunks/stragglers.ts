import { Atomic } from "@interlock/core";
import { context, Pool, task } from "@interlock/pool";

export const work = task(import.meta, "work", (done: Atomic<"int32">, item: number) => {
  if (item === 0) {
    // The slow one: it waits until all others are done, wherever they run.
    for (let seen = done.load(); seen < 99; seen = done.load()) done.wait(seen);
  }
  done.add(1);
  done.notify();
  return context().workerId;
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const done = new Atomic("int32");
  const items = Array.from({ length: 100 }, (_, item): [Atomic<"int32">, number] => [done, item]);
  const workers = await pool.starmap(work, items);
  console.log(`${workers.length} items done`);
  console.log(`the slow one held up nobody: ${workers.filter((id) => id === workers[0]).length < 100}`);
  await pool.terminate();
}
