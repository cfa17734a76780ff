import { Lock, RawValue, Value } from "@interlock/core";
import { Pool } from "@interlock/pool";
import { createMemory } from "@interlock/shm";
import { add, count, square } from "./tasks.ts";

const threads = new Pool({ size: 2 });
const processes = new Pool({ size: 2, backend: "process" });
const memory = createMemory({ size: 4096 });
try {
  const squares = await threads.map(square, [1, 2, 3]);
  const [lock, counter] = [new Lock(), new RawValue("int32", 0)];
  await Promise.all([1, 2].map(() => threads.apply(count, [lock, counter, 10_000])));
  const shared = new Value("int32", 0, { memory });
  await Promise.all([1, 2].map(() => processes.apply(add, [shared, 1000])));
  console.log(JSON.stringify({ squares, counted: counter.value, processes: shared.value }));
} finally {
  await Promise.all([threads.terminate(), processes.terminate()]);
  memory.close();
}
