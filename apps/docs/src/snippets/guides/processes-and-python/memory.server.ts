import { Lock, SharedArray } from "@interlock/core";
import { Pool, task } from "@interlock/pool";
import { createMemory } from "@interlock/shm";

export const vote = task(import.meta, "vote", (lock: Lock, votes: SharedArray<"int32">, choice: number) => {
  lock.run(() => votes.set(choice, votes.get(choice) + 1));
});

if (import.meta.main) {
  const memory = createMemory({ size: 1 << 16 });
  const lock = new Lock({ memory });
  const votes = new SharedArray("int32", 3, { memory });
  const pool = new Pool({ size: 4, backend: "process" });
  await pool.starmap(
    vote,
    Array.from({ length: 300 }, (_, i) => [lock, votes, i % 3] as const),
  );
  console.log([...votes].join(" "));
  await pool.terminate();
  memory.close();
}
