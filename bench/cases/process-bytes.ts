import { mustBe, nanosecondsAwaited } from "../measure.ts";
import { eachWarmProcessPool } from "../pools/all.ts";

/** Doubles are copied on their way there and back, and doubled in between. All send structured clones: text would lose the type. */
export const title = "Pool of 2 processes: one of 64 arrays of 1 MiB at once, there and back";

const ARRAYS = 64;
const DOUBLES = 2 ** 17;

export const contenders = eachWarmProcessPool(
  2,
  async (pool) => {
    const arrays = Array.from({ length: ARRAYS }, (_, i) => new Float64Array(DOUBLES).fill(i));
    return nanosecondsAwaited(ARRAYS, async () => {
      const results = await Promise.all(arrays.map((array) => pool.apply("doubleAll", array)));
      results.forEach((result, i) => {
        const doubled = result as Float64Array;
        mustBe(DOUBLES, doubled.length);
        mustBe(2 * i, doubled[0] as number);
        mustBe(2 * i, doubled[DOUBLES - 1] as number);
      });
    });
  },
  "advanced",
);
