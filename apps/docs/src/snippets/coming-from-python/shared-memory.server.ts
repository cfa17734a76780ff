import { Value } from "@interlock/core";
import { Process, task } from "@interlock/pool";
import { createMemory } from "@interlock/shm";

export const count = task(import.meta, "count", (counter: Value<"i">) => {
  for (let i = 0; i < 20; i++) counter.update((n) => n + 1);
});

if (import.meta.main) {
  const memory = createMemory({ size: 4096 }); // where processes find it: Python makes that by itself
  const counter = new Value("i", 0, { memory });
  const children = Array.from({ length: 10 }, () => new Process(count, [counter]));
  for (const child of children) child.start();
  for (const child of children) await child.result(); // join() would not throw what a task threw
  console.log(counter.value);
  memory.close();
}
