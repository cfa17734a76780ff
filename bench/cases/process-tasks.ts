import { Pool } from "@interlock/pool";
import { BEST_PEER, PYTHON } from "../goal.ts";
import { type Contender, mustBe, nanosecondsAwaited } from "../measure.ts";
import { increment } from "../pool-tasks.ts";
import { eachWarmProcessPool } from "../pools/all.ts";

/** Each call by itself, all at once, as peers do it; and as a map of single items, as Python does. */
export const title = "Pool of 2 processes: one of 20 000 trivial tasks at once";

const SIZE = 2;
const TASKS = 20_000;
const MAP = "interlock (map)";
const PYTHON_MAP = `${PYTHON} (map)`;

export const goals = [
  { contender: PYTHON_MAP, atMost: 0.333 },
  { contender: BEST_PEER, atMost: 0.333 },
  { of: MAP, contender: PYTHON_MAP, atMost: 0.333 },
  { of: MAP, contender: BEST_PEER, atMost: 0.333 },
];

async function time(map: (numbers: number[]) => Promise<unknown[]>): Promise<number> {
  return nanosecondsAwaited(TASKS, async () => {
    const results = await map(Array.from({ length: TASKS }, (_, i) => i));
    for (let i = 0; i < TASKS; i++) mustBe(i + 1, results[i] as number);
  });
}

export const contenders: Readonly<Record<string, Contender>> = {
  ...eachWarmProcessPool(SIZE, (pool) => time((numbers) => Promise.all(numbers.map((n) => pool.apply("increment", n))))),
  [MAP]: async () => {
    const pool = new Pool({ size: SIZE, backend: "process" });
    const figure = await time((numbers) => pool.map(increment, numbers, { chunkSize: 1 }));
    await pool.terminate();
    return figure;
  },
};
