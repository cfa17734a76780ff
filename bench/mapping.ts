/**
 * A million numbers squared.
 *
 * @module
 */
import { mustBe, nanosecondsAwaited } from "./measure.ts";

const ITEMS = 1_000_000;

/** Nanoseconds that `map` takes for one of them. */
export async function timeMap(map: (numbers: readonly number[]) => number[] | Promise<number[]>): Promise<number> {
  const numbers = Array.from({ length: ITEMS }, (_, i) => i);
  return nanosecondsAwaited(ITEMS, async () => {
    const results = await map(numbers);
    mustBe(ITEMS, results.length);
    mustBe((ITEMS - 1) ** 2, results[ITEMS - 1] as number);
  });
}
