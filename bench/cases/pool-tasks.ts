import { BEST_PEER } from "../goal.ts";
import { mustBe, nanosecondsAwaited } from "../measure.ts";
import { eachPool } from "../pools/all.ts";
import { everyWorker } from "../pools/pool.ts";

/** All calls are made at once, then awaited. */
export const title = "Pool of 2: one of 100 000 trivial tasks at once";
export const goals = [
  { contender: BEST_PEER, atMost: 0.2 },
  { contender: "bare pool", atMost: 0.333 },
];

const SIZE = 2;
const TASKS = 100_000;
/** multithreading loses what exceeds 65 536 under way; the queues of the others take ever longer as they grow. */
const FEWER: Readonly<Record<string, number>> = { multithreading: 60_000, tinypool: 20_000, workerpool: 20_000 };

export const contenders = eachPool(async (open, name) => {
  const pool = open(SIZE);
  await everyWorker(pool, SIZE);
  const tasks = FEWER[name] ?? TASKS;
  return nanosecondsAwaited(tasks, async () => {
    const results = await Promise.all(Array.from({ length: tasks }, (_, i) => pool.apply("increment", i)));
    for (let i = 0; i < tasks; i++) mustBe(i + 1, results[i] as number);
  });
});
