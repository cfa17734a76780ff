import { eachPool } from "../pools/all.ts";
import { everyWorker } from "../pools/pool.ts";
import { load, pause } from "../usage.ts";

/** What a pool that has nothing to do takes of the processor. */
export const title = "Pool of 4: at rest after a task";
export const unit = "% of a core";
export const goals = [{ atMost: 0.5 }];

const SIZE = 4;
const SECONDS = 10;
/** The compiling and collecting of its start goes on for seconds. */
const SETTLE_MS = 4000;

export const contenders = eachPool(
  async (open) => {
    await everyWorker(open(SIZE), SIZE);
    await pause(SETTLE_MS);
    return load(SECONDS);
  },
  ["bare pool", "interlock"],
);
