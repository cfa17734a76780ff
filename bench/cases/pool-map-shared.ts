import { SharedArray } from "@interlock/core";
import { Pool } from "@interlock/pool";
import { type Contender, mustBe, nanosecondsAwaited } from "../measure.ts";
import { square } from "../pool-tasks.ts";
import { open } from "../pools/bare.ts";
import type { Part } from "../pools/functions.ts";
import { everyWorker } from "../pools/pool.ts";

/** In place, so that nothing is copied: by hand each thread loops over its half, from one message to another. */
export const title = "Pool of 2: x * x in place for one of a million shared doubles";
export const goals = [{ contender: "two halves by hand", atMost: 2 }];

const SIZE = 2;
const ITEMS = 1_000_000;

/** `map` squares all doubles, and says where the squares are. */
async function time(doubles: Float64Array, map: () => Promise<ArrayLike<number>>): Promise<number> {
  const last = ITEMS - 1;
  const check = async (): Promise<void> => mustBe(last ** 2, (await map())[last] as number);
  return nanosecondsAwaited(ITEMS, check, () => {
    for (let i = 0; i < ITEMS; i++) doubles[i] = i;
  });
}

export const contenders: Readonly<Record<string, Contender>> = {
  "two halves by hand": async () => {
    const buffer = new SharedArrayBuffer(ITEMS * Float64Array.BYTES_PER_ELEMENT);
    const doubles = new Float64Array(buffer);
    const halves = [0, ITEMS / 2].map((from): Part => ({ buffer, from, length: ITEMS / 2 }));
    const pool = open(SIZE);
    await everyWorker(pool, SIZE);
    return time(doubles, async () => {
      await Promise.all(halves.map((half) => pool.apply("squareInPlace", half)));
      return doubles;
    });
  },
  interlock: async () => {
    const array = new SharedArray("float64", ITEMS);
    const pool = new Pool({ size: SIZE });
    return time(array.view, async () => {
      const squares: unknown = await pool.map(square, array);
      // In place, or in an array of their own.
      return squares === array ? array.view : (squares as number[]);
    });
  },
};
