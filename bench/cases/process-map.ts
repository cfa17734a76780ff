import { PYTHON } from "../goal.ts";
import { timeMap } from "../mapping.ts";
import { eachWarmProcessPool } from "../pools/all.ts";

/**
 * The bare pool sends two halves, peers eight chunks; ours and Python's choose their own, which are eight for Python. Peers
 * send structured clones, which take all but tinypool less time than text.
 */
export const title = "Pool of 2 processes: x * x for one of a million numbers";
export const goals = [{ contender: PYTHON, atMost: 1 }];
export const contenders = eachWarmProcessPool(2, (pool) => timeMap((numbers) => pool.map(numbers)), "advanced");
