import { eachWarmProcessPool } from "../pools/all.ts";
import { pause, resident } from "../usage.ts";

/** As the system shows it, with the runtime's own pages, which all processes share. */
export const title = "Pool of 2 processes: memory of one worker that has answered";
export const unit = "MB";

const SIZE = 2;
/** What starting took is freed late. */
const SETTLE_MS = 1000;

export const contenders = eachWarmProcessPool(SIZE, async (_, ids) => {
  await pause(SETTLE_MS);
  return ids.reduce((total, id) => total + resident(id), 0) / SIZE;
});
