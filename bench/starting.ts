/**
 * How long pools take to start, to answer from every worker, and to end.
 *
 * @module
 */
import type { Contender } from "./measure.ts";
import { eachPool } from "./pools/all.ts";
import { everyWorker } from "./pools/pool.ts";

/** Milliseconds, of each pool; the first start of its process, as programs have one. */
export function starts(size: number): Readonly<Record<string, Contender>> {
  return eachPool(async (open) => {
    const started = performance.now();
    const pool = open(size);
    await everyWorker(pool, size);
    await pool.close();
    return performance.now() - started;
  });
}
