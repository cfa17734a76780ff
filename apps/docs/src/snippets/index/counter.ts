import { Value } from "@interlock/core";
import { Thread, task } from "@interlock/pool";

export const count = task(import.meta, "count", (counter: Value<"int32">, times: number) => {
  for (let i = 0; i < times; i++) counter.update((n) => n + 1);
});

if (import.meta.main) {
  const counter = new Value("int32", 0);
  const threads = Array.from({ length: 10 }, () => new Thread(count, [counter, 20]));
  for (const thread of threads) thread.start();
  for (const thread of threads) await thread.join();
  console.log(`expected 200, got ${counter.value}`);
}
