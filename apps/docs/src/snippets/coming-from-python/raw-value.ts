import { Atomic, Barrier, RawValue } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

const TIMES = 2_000_000;

export const addRaw = task(import.meta, "addRaw", (start: Barrier, counter: RawValue<"i">) => {
  start.wait(); // all begin together
  for (let i = 0; i < TIMES; i++) counter.value += 1;
});

export const addAtomic = task(import.meta, "addAtomic", (start: Barrier, counter: Atomic<"i">) => {
  start.wait();
  for (let i = 0; i < TIMES; i++) counter.add(1);
});

if (import.meta.main) {
  const pool = new Pool({ size: 4 });
  const start = new Barrier(4);
  const [raw, atomic] = [new RawValue("i", 0), new Atomic("i", 0)];
  await pool.starmap(addRaw, Array(4).fill([start, raw]), { chunkSize: 1 });
  await pool.starmap(addAtomic, Array(4).fill([start, atomic]), { chunkSize: 1 });
  console.log(`expected ${4 * TIMES}`);
  console.log(`RawValue ${raw.value}`);
  console.log(`Atomic   ${atomic.load()}`);
  await pool.terminate();
}
