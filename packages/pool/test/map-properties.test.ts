import { Pool } from "@interlock/pool";
import fc, { type Arbitrary } from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { difference } from "../../core/test/codec/same.ts";
import { SEED } from "../../core/test/seed.ts";
import { BACKENDS } from "./fixtures/backends.ts";
import { remake, twist } from "./fixtures/map-tasks.ts";

describe.each(BACKENDS)("backend %s", (backend) => {
  let pool: Pool | undefined;
  afterAll(() => pool?.terminate());

  const options = fc
    .record({ chunkSize: fc.option(fc.integer({ min: 1, max: 300 }), { nil: undefined }) })
    .map(({ chunkSize }) => (chunkSize === undefined ? {} : { chunkSize }));

  /** Item by item: what two of them share travels twice, unless they travel together. */
  function same(wanted: readonly unknown[], got: readonly unknown[]): void {
    expect(got.length).toBe(wanted.length);
    for (const [i, one] of wanted.entries()) expect(difference(one, got[i]), `item ${i}`).toBeUndefined();
  }

  /** Of any length up to `most`; long ones are made from short ones. */
  const arrays = <T>(item: Arbitrary<T>, most: number): Arbitrary<T[]> =>
    fc
      .tuple(fc.array(item, { minLength: 1, maxLength: 8 }), fc.oneof(fc.nat(20), fc.nat(most)))
      .map(([some, length]) => Array.from({ length }, (_, i) => some[i % some.length] as T));

  it("a map gives what Array.prototype.map gives, however its calls travel", async () => {
    pool ??= new Pool({ backend, size: 2 });
    const workers = pool;
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, maxDepth: 2 });
    const inputs = fc.oneof(
      // Put where workers find them, from some thousands on.
      { arbitrary: arrays(fc.double(), 9000), weight: 2 },
      arrays(anything, 300),
      // Numbers but for some: they leave the place where the others are.
      fc.tuple(arrays<unknown>(fc.integer(), 9000), fc.nat(), anything).map(([items, at, other]) => items.toSpliced(at % (items.length + 1), 0, other)),
    );
    const property = fc.asyncProperty(inputs, options, async (items, how) => {
      same(items.map(remake as (item: unknown) => unknown), await workers.map(remake, items, how));
    });
    await fc.assert(property, { ...SEED, numRuns: 60 });
  });

  it("results that are no numbers take the way of all others, wherever they begin", async () => {
    pool ??= new Pool({ backend, size: 2 });
    const workers = pool;
    const property = fc.asyncProperty(arrays(fc.integer({ min: -5, max: 5 }), 9000), options, async (items, how) => {
      same(items.map(twist as (item: number) => unknown), await workers.map(twist, items, how));
    });
    await fc.assert(property, { ...SEED, numRuns: 20 });
  });
});
