import { processStarts } from "../starting.ts";

/** From nothing to nothing: each worker is a runtime that starts, except where Python forks itself. */
export const title = "Pool of 2 processes: start, an answer from every worker, end";
export const unit = "ms";
export const contenders = processStarts(2);
