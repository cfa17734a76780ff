/**
 * Uses a pool in all ways at once while its workers die.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool } from "@interlock/pool";
import type { Setting, Tally } from "./crew.ts";
import type { Caller, End } from "./pool-calls.ts";
import { expect } from "./scenario.ts";

/** How violent it is. */
export interface Force {
  /** How many uses of the pool are under way for each worker. */
  readonly crowd: number;
  /** What takes longer is a hang. */
  readonly patience: number;
  /** How long after its end a worker may go on. */
  readonly afterlife: number;
}

/** Goes on for the time of the setting, and until so many workers have died. @param meanwhile Is told when it is over. */
export async function storm(
  pool: Pool,
  caller: Caller,
  { threads, milliseconds, deaths = 0 }: Setting,
  force: Force,
  meanwhile?: (signal: AbortSignal) => Promise<void>,
): Promise<Tally> {
  const ends: Record<End, number> = { served: 0, lost: 0, aborted: 0, late: 0 };
  const started = performance.now();
  let slowest = 0;
  const over = new AbortController();
  const goOn = async (): Promise<void> => {
    while (!caller.exhausted && (performance.now() - started < milliseconds || pool.stats().lost < deaths)) {
      const begun = performance.now();
      ends[await within(force.patience, caller.call())]++;
      slowest = Math.max(slowest, performance.now() - begun);
    }
  };
  const other = meanwhile?.(over.signal);
  try {
    await Promise.all(Array.from({ length: force.crowd * threads }, goOn));
  } finally {
    over.abort();
    await other;
  }
  await fullAgain(pool, force.patience);
  await within(force.patience, caller.callSafely());
  await sleep(force.afterlife);
  caller.checkRuns();
  const { served, lost, aborted, late } = ends;
  return { operations: served + lost + aborted + late, timeouts: late, aborts: aborted, slowest, deaths: pool.stats().lost, counts: { served, lost } };
}

async function fullAgain(pool: Pool, patience: number): Promise<void> {
  const { size } = pool;
  for (const end = performance.now() + patience; ; await sleep(5)) {
    const { workers, running, waiting } = pool.stats();
    if (workers === size && running === 0 && waiting === 0) return;
    expect(performance.now() < end, () => `The pool has ${workers} of ${size} workers, ${running} batches under way, and ${waiting} calls that wait`);
  }
}

/** Fails if something takes so long that it must be a hang. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = sleep(milliseconds, undefined, { signal: over.signal }).then(() => {
    throw new Error(`Cannot go on as a call takes more than ${milliseconds} ms`);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    late.catch(() => {});
    over.abort();
  }
}
