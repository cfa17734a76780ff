import { mustBe, nanosecondsAwaited } from "../measure.ts";
import { eachPool } from "../pools/all.ts";
import type { Item } from "../pools/functions.ts";
import { everyWorker } from "../pools/pool.ts";

/** Objects of some hundred bytes, there and back. */
export const title = "Pool of 2: one of 20 000 small objects at once";

const SIZE = 2;
const OBJECTS = 20_000;

export const contenders = eachPool(async (open) => {
  const pool = open(SIZE);
  await everyWorker(pool, SIZE);
  const items = Array.from({ length: OBJECTS }, (_, id): Item => ({ id, name: `item number ${id}`, tags: ["small", "plain", `shelf ${id % 100}`] }));
  return nanosecondsAwaited(OBJECTS, async () => {
    const results = (await Promise.all(items.map((item) => pool.apply("renumber", item)))) as Item[];
    for (let i = 0; i < OBJECTS; i++) mustBe(i + 1, (results[i] as Item).id);
  });
});
