import fc from "fast-check";
import { expect, it } from "vitest";
import { SEED } from "../../core/test/seed.ts";
import { Histogram } from "../src/dispatch/histogram.ts";

const durations = fc.oneof(
  fc.double({ min: 1e-5, max: 1e9, noNaN: true }),
  fc.integer({ min: 1, max: 1000 }),
  fc.integer({ min: -16, max: 30 }).map((n) => 2 ** n),
);

/** The duration that so great a share is no longer than. */
function exactly(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] as number;
}

it("percentiles are right to a sixteenth, and never more than the longest", () => {
  const property = fc.property(fc.array(fc.tuple(durations, fc.integer({ min: 1, max: 5 })), { minLength: 1, maxLength: 200 }), (given) => {
    const histogram = new Histogram();
    for (const [each, count] of given) histogram.add(each, count);
    const all = given.flatMap(([each, count]) => new Array<number>(count).fill(each)).sort((a, b) => a - b);
    const { count, min, max, mean, p50, p90, p99 } = histogram.summary();
    const sum = all.reduce((total, each) => total + each, 0);
    expect([count, min, max]).toEqual([all.length, all[0], all.at(-1)]);
    expect(Math.abs(mean - sum / count)).toBeLessThanOrEqual(1e-9 * mean);
    expect(Math.abs(histogram.sum - sum)).toBeLessThanOrEqual(1e-9 * sum);
    for (const [share, value] of [
      [0.5, p50],
      [0.9, p90],
      [0.99, p99],
    ] as const) {
      const exact = exactly(all, share);
      if (Math.abs(value - exact) > exact / 16) throw new Error(`p${100 * share} is ${value}, and should be ${exact}`);
    }
    expect(p50 <= p90 && p90 <= p99 && p99 <= max && min <= p50).toBe(true);
  });
  fc.assert(property, { ...SEED, numRuns: 500 });
});

it("counts what takes no time, or longer than any table", () => {
  const histogram = new Histogram();
  expect(histogram.summary()).toEqual({ count: 0, min: 0, max: 0, mean: 0, p50: 0, p90: 0, p99: 0 });
  histogram.add(0);
  expect(histogram.summary()).toEqual({ count: 1, min: 0, max: 0, mean: 0, p50: 0, p90: 0, p99: 0 });
  histogram.add(2 ** 40);
  expect(histogram.summary()).toMatchObject({ count: 2, min: 0, max: 2 ** 40 });
});
