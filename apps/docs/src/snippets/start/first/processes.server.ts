import { Value } from "@interlock/core";
import { Pool, task } from "@interlock/pool";
import { createMemory } from "@interlock/shm";

export const count = task(import.meta, "count", (counter: Value<"int32">, times: number) => {
  for (let i = 0; i < times; i++) counter.update((n) => n + 1);
});

if (import.meta.main) {
  const memory = createMemory({ size: 4096 });
  const counter = new Value("int32", 0, { memory });
  const pool = new Pool({ size: 4, backend: "process" });
  await Promise.all([1, 2, 3, 4].map(() => pool.apply(count, [counter, 1000])));
  console.log(`four processes counted to ${counter.value}`);
  await pool.terminate();
  memory.close();
}
