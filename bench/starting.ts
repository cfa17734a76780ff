/**
 * How long pools take to start, to answer from every worker, and to end.
 *
 * @module
 */
import type { Contender } from "./measure.ts";
import { eachPool, eachProcessPool } from "./pools/all.ts";
import { everyProcess, everyWorker } from "./pools/pool.ts";
import { pause } from "./usage.ts";

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

/** The same of processes, until none of them is left: not every peer waits for that. */
export function processStarts(size: number): Readonly<Record<string, Contender>> {
  return eachProcessPool(async (open) => {
    const started = performance.now();
    const pool = open(size);
    const ids = await everyProcess(pool, size);
    await pool.close();
    while (ids.some(isRunning)) await pause(1);
    return performance.now() - started;
  });
}

function isRunning(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}
