import { BEST_PEER } from "../goal.ts";
import { timeMap } from "../mapping.ts";
import type { Contender } from "../measure.ts";
import { eachPool } from "../pools/all.ts";
import { square } from "../pools/functions.ts";
import { everyWorker } from "../pools/pool.ts";

/** Work so small that copying it costs more: the bare pool sends it as two halves, peers as eight chunks. */
export const title = "Pool of 2: x * x for one of a million numbers";
export const goals = [
  { contender: BEST_PEER, atMost: 0.2 },
  { contender: "one thread", atMost: 1.6 },
];

const SIZE = 2;

export const contenders: Readonly<Record<string, Contender>> = {
  "one thread": () => timeMap((numbers) => numbers.map(square)),
  ...eachPool(async (open) => {
    const pool = open(SIZE);
    await everyWorker(pool, SIZE);
    return timeMap((numbers) => pool.map(numbers));
  }),
};
