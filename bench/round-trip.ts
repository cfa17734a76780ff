/**
 * How long one call takes from here to a worker and back, with nothing else under way.
 *
 * @module
 */
import { median } from "simple-statistics";
import { startForkPingPong } from "./fork-ping-pong.ts";
import { type Contender, mustBe } from "./measure.ts";
import { startPingPong } from "./ping-pong.ts";
import { eachPool, eachWarmProcessPool } from "./pools/all.ts";
import { everyWorker } from "./pools/pool.ts";

const WARM_UP = 5000;
const TRIPS = 20_000;
const SIZE = 2;

/** The median of many, in nanoseconds: others' load falls on the slow ones. */
async function typical(trip: (n: number) => Promise<unknown>): Promise<number> {
  const figures: number[] = [];
  for (let n = -WARM_UP; n < TRIPS; n++) {
    const started = performance.now();
    const result = await trip(n);
    if (n >= 0) figures.push((performance.now() - started) * 1e6);
    mustBe(n + 1, result as number);
  }
  return median(figures);
}

/** A message there and back, and a call of each pool. */
export const roundTrips: Readonly<Record<string, Contender>> = {
  "bare ping-pong": () => typical(startPingPong()),
  ...eachPool(async (open) => {
    const pool = open(SIZE);
    await everyWorker(pool, SIZE);
    return typical((n) => pool.apply("increment", n));
  }),
};

/** The same of processes. */
export const processRoundTrips: Readonly<Record<string, Contender>> = {
  "bare fork ping-pong": () => typical(startForkPingPong()),
  ...eachWarmProcessPool(SIZE, (pool) => typical((n) => pool.apply("increment", n))),
};
