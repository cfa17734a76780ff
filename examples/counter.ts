import { Pool } from "@interlock/pool";
import { race, WORKERS } from "./race.ts";

// Ten threads share a counter.

if (import.meta.main) {
  const pool = new Pool({ size: WORKERS });
  try {
    await race(pool);
  } finally {
    await pool.terminate();
  }
}
