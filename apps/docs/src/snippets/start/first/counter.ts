import { Value } from "@interlock/core";
import { Pool, task } from "@interlock/pool";

export const count = task(import.meta, "count", (counter: Value<"int32">, times: number) => {
  for (let i = 0; i < times; i++) counter.update((n) => n + 1);
});

if (import.meta.main) {
  const counter = new Value("int32", 0);
  const pool = new Pool({ size: 4 });
  await Promise.all([1, 2, 3, 4].map(() => pool.apply(count, [counter, 1000])));
  console.log(`four workers counted to ${counter.value}`);
  await pool.terminate();
}
