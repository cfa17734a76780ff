import { Lock, Value } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const add = task(import.meta, "add", (counter: Value<"i">, lock: Lock, times: number) => {
  for (let i = 0; i < times; i++) {
    // with lock:
    lock.run(() => {
      counter.value += 1;
    });
  }
});

export const addByItsOwn = task(import.meta, "addByItsOwn", (counter: Value<"i">, times: number) => {
  for (let i = 0; i < times; i++) {
    // with counter.get_lock():
    counter.getLock().run(() => {
      counter.value += 1;
    });
  }
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const [first, second, lock] = [new Value("i", 0), new Value("i", 0), new Lock()];
  await pool.starmap(add, Array(10).fill([first, lock, 20]));
  await pool.starmap(addByItsOwn, Array(10).fill([second, 20]));
  console.log(`${first.value} ${second.value}`);
  await pool.terminate();
}
