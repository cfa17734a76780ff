/**
 * Workers of a pool die in the midst of calls of all kinds: each call is settled, none is wrong, none runs twice, and the
 * pool is always full again.
 *
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "@interlock/pool";
import { HANG_MS } from "../board.ts";
import type { Setting, Tally } from "../crew.ts";
import { FiledFates, SharedFates } from "../fates.ts";
import { Caller, type End } from "../pool-calls.ts";
import { begin } from "../pool-tasks.ts";
import { Random } from "../random.ts";
import { expect, type Scenario } from "../scenario.ts";

/** How many uses of the pool are under way for each worker. */
const CROWD = 6;

/** How long a call may take. Processes start more slowly. */
const BOUND_MS = { thread: HANG_MS, process: 2 * HANG_MS };

/** On Deno, those that were killed while they were busy may be so for a while, and then go on. */
const ZOMBIES_MS = 400;

async function run(backend: "thread" | "process", { seed, threads, milliseconds, deaths = 0 }: Setting): Promise<Tally> {
  const fates = backend === "thread" ? new SharedFates() : new FiledFates();
  const pool = new Pool({ backend, size: threads, initializer: begin, initArgs: fates.places });
  const caller = new Caller(new Random(seed), pool, fates, backend === "process");
  const ends: Record<End, number> = { served: 0, lost: 0, aborted: 0 };
  const started = performance.now();
  let slowest = 0;
  const goOn = async (): Promise<void> => {
    while (!caller.exhausted && (performance.now() - started < milliseconds || pool.stats().lost < deaths)) {
      const begun = performance.now();
      ends[await withinReason(BOUND_MS[backend], caller.call())]++;
      slowest = Math.max(slowest, performance.now() - begun);
    }
  };
  try {
    await Promise.all(Array.from({ length: CROWD * threads }, goOn));
    await fullAgain(pool);
    await withinReason(BOUND_MS[backend], caller.callSafely());
    await sleep(ZOMBIES_MS);
    caller.checkRuns();
  } finally {
    await pool.terminate();
    fates.dispose();
  }
  const { served, lost, aborted } = ends;
  return { operations: served + lost + aborted, timeouts: 0, aborts: aborted, slowest, deaths: pool.stats().lost, counts: { served, lost } };
}

async function fullAgain(pool: Pool): Promise<void> {
  const { size } = pool;
  for (const end = performance.now() + HANG_MS; ; await sleep(5)) {
    const { workers, running, waiting } = pool.stats();
    if (workers === size && running === 0 && waiting === 0) return;
    expect(performance.now() < end, () => `The pool has ${workers} of ${size} workers, ${running} batches under way, and ${waiting} calls that wait`);
  }
}

/** Fails if something takes so long that it must be a hang. */
async function withinReason<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
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

/** A process takes longer to start, so fewer die in the same time. */
const PROCESSES_FOR_THREADS = 0.2;

export const scenarios: readonly Scenario[] = [
  { name: "pool-deaths", deadly: true, run: (setting) => run("thread", setting) },
  {
    name: "pool-deaths-processes",
    deadly: true,
    run: (setting) => run("process", { ...setting, deaths: (setting.deaths ?? 0) * PROCESSES_FOR_THREADS }),
  },
];
