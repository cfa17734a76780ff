import { Pool } from "@interlock/pool";
import { createMemory } from "@interlock/shm";
import { race, WORKERS } from "./race.ts";

// Ten operating system processes share a counter: as counter.ts, but for the memory and the kind of worker.

if (import.meta.main) {
  const memory = createMemory({ size: 1 << 16 });
  const pool = new Pool({ size: WORKERS, backend: "process" });
  try {
    await race(pool, memory);
  } finally {
    await pool.terminate();
    memory.close();
  }
}
