import { eachPool } from "../pools/all.ts";
import { everyWorker } from "../pools/pool.ts";
import { collected, pause, proportional } from "../usage.ts";

/** What an idle worker adds to the process. */
export const title = "Pool of 8: memory of one worker that has answered";
export const unit = "MB";
export const goals = [{ contender: "bare pool", atMostMore: 1 }];

const SIZE = 8;
/** What starting took is freed late. */
const SETTLE_MS = 1000;

export const contenders = eachPool(async (open) => {
  await collected();
  const before = proportional();
  await everyWorker(open(SIZE), SIZE);
  await pause(SETTLE_MS);
  await collected();
  return (proportional() - before) / SIZE;
});
