import { starts } from "../starting.ts";

/** From nothing to nothing. */
export const title = "Pool of 8: start, an answer from every worker, end";
export const unit = "ms";
export const goals = [{ contender: "bare pool", atMost: 1.5 }];
export const contenders = starts(8);
