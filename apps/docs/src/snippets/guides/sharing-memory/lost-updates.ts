import { Atomic, Barrier, Value } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

const TIMES = 200_000;

export const unlocked = task(import.meta, "unlocked", (start: Barrier, counter: Value<"int32">) => {
  start.wait(); // all begin together
  for (let i = 0; i < TIMES; i++) counter.value += 1; // a read, then a write
});

export const locked = task(import.meta, "locked", (start: Barrier, counter: Value<"int32">) => {
  start.wait();
  for (let i = 0; i < TIMES; i++) counter.update((n) => n + 1);
});

export const atomic = task(import.meta, "atomic", (start: Barrier, counter: Atomic<"int32">) => {
  start.wait();
  for (let i = 0; i < TIMES; i++) counter.add(1);
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const start = new Barrier(4);
  const [racy, value, hits] = [new Value("int32"), new Value("int32"), new Atomic("int32")];
  await pool.starmap(unlocked, Array(4).fill([start, racy]), { chunkSize: 1 });
  await pool.starmap(locked, Array(4).fill([start, value]), { chunkSize: 1 });
  await pool.starmap(atomic, Array(4).fill([start, hits]), { chunkSize: 1 });
  console.log(`expected ${4 * TIMES}`);
  console.log(`value += 1   ${racy.value}`);
  console.log(`update       ${value.value}`);
  console.log(`Atomic       ${hits.load()}`);
  await pool.terminate();
}
