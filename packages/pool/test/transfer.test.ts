import { Pool } from "@interlock/pool";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { unmovable, zeros } from "./fixtures/transfer-tasks.ts";

describe.each(BACKENDS)("backend %s", (backend) => {
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ backend, size: 1 });
  });
  afterAll(() => pool.terminate());

  const LENGTHS = [1, 2, 3, 4];
  const expected = LENGTHS.map((length) => ({ array: new Float64Array(length) }));

  // The first time, tasks are sent one by one; later they travel together.
  it.each([1, 2, 3])("results that are moved arrive as they are, however many travel together: round %i", async () => {
    expect(await pool.apply(zeros, [1])).toEqual(expected[0]);
    expect(await Promise.all(LENGTHS.map((length) => pool.apply(zeros, [length])))).toEqual(expected);
    expect(await pool.map(zeros, LENGTHS, { chunkSize: 4 })).toEqual(expected);
    const seen: unknown[] = [];
    for await (const result of pool.imap(zeros, LENGTHS, { chunkSize: 2 })) seen.push(result);
    expect(seen).toEqual(expected);
  });

  it("errors beside results that are moved arrive, too", async () => {
    for (let round = 0; round < 3; round++) {
      const settled = await Promise.allSettled([1, -1, 2].map((length) => pool.apply(zeros, [length])));
      expect(settled).toMatchObject([{ value: expected[0] }, { reason: expect.any(RangeError) }, { value: expected[1] }]);
    }
  });

  it("a result that cannot be moved fails its call, and no other", async () => {
    const refusal = /Cannot return result from task "unmovable" as what goes with it cannot be moved: /;
    const settled = await Promise.allSettled([1, 0, 2].map((n) => pool.apply(unmovable, [n])));
    expect(settled[1]).toEqual({ status: "fulfilled", value: expected[0] });
    for (const i of [0, 2]) expect(String((settled[i] as PromiseRejectedResult).reason)).toMatch(refusal);
    await expect(pool.map(unmovable, [0, 1, 0])).rejects.toThrow(refusal);
    expect(pool.stats().lost).toBe(0);
  });
});
