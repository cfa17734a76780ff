import { mustBe, nanosecondsAwaited } from "../measure.ts";
import { eachPool } from "../pools/all.ts";
import { everyWorker } from "../pools/pool.ts";

/** Doubles are cloned on their way to a worker, and their sum comes back. */
export const title = "Pool of 2: one of 64 arrays of 1 MiB at once";

const SIZE = 2;
const ARRAYS = 64;
const DOUBLES = 2 ** 17;

export const contenders = eachPool(async (open, name) => {
  const pool = open(SIZE);
  await everyWorker(pool, SIZE);
  const arrays = Array.from({ length: ARRAYS }, (_, i) => new Float64Array(DOUBLES).fill(i));
  return nanosecondsAwaited(ARRAYS, async () => {
    // multithreading moves what it is given: its user has to copy what is still needed.
    const calls = arrays.map((array) => pool.apply("sum", name === "multithreading" ? array.slice() : array));
    (await Promise.all(calls)).forEach((sum, i) => {
      mustBe(i * DOUBLES, sum as number);
    });
  });
});
