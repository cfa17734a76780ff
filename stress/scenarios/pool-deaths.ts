/**
 * Workers of a pool die in the midst of calls of all kinds: each call is settled, none is wrong, none runs twice, and the
 * pool is always full again.
 *
 * @module
 */
import { Pool } from "@interlock/pool";
import { HANG_MS } from "../board.ts";
import type { Setting, Tally } from "../crew.ts";
import { Caller, MOST_CALLS } from "../pool-calls.ts";
import { begin, EXITS, IS_BUSY, THROWS } from "../pool-tasks.ts";
import { Random } from "../random.ts";
import { SharedRuns } from "../runs.ts";
import type { Scenario } from "../scenario.ts";
import { storm } from "../storm.ts";

/** On Deno, threads that were killed while they were busy may be so for a while, and then go on. */
const FORCE = { crowd: 6, patience: HANG_MS, afterlife: 400 };

async function run(setting: Setting): Promise<Tally> {
  const runs = new SharedRuns(MOST_CALLS);
  const pool = new Pool({ size: setting.threads, initializer: begin, initArgs: [runs.place] });
  const ways = { runs, violence: 1, dooms: [EXITS, EXITS, THROWS, IS_BUSY] as const, memory: () => new SharedArrayBuffer(8) };
  try {
    return await storm(pool, new Caller(pool, new Random(setting.seed), ways), setting, FORCE);
  } finally {
    await pool.terminate();
  }
}

export const scenarios: readonly Scenario[] = [{ name: "pool-deaths", only: "threads", deadly: true, run }];
