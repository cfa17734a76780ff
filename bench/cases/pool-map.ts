import { BEST_PEER } from "../goal.ts";
import { type Contender, mustBe, nanosecondsAwaited } from "../measure.ts";
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
const ITEMS = 1_000_000;

async function time(map: (numbers: readonly number[]) => number[] | Promise<number[]>): Promise<number> {
  const numbers = Array.from({ length: ITEMS }, (_, i) => i);
  return nanosecondsAwaited(ITEMS, async (n) => {
    const results = await map(n < ITEMS ? numbers.slice(0, n) : numbers);
    mustBe(n, results.length);
    mustBe((n - 1) ** 2, results[n - 1] as number);
  });
}

export const contenders: Readonly<Record<string, Contender>> = {
  "one thread": () => time((numbers) => numbers.map(square)),
  ...eachPool(async (open) => {
    const pool = open(SIZE);
    await everyWorker(pool, SIZE);
    return time((numbers) => pool.map(numbers));
  }),
};
