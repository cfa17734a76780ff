import { Semaphore, SharedArray } from "@interlock/core";
import { Pool } from "@interlock/pool";
import { PYTHON } from "../goal.ts";
import { type Contender, mustBe } from "../measure.ts";
import { double, doubleAll, processOf, withMemory } from "../shared.ts";

/** A mebibyte of doubles that another process doubles: by its handle, where nothing is copied, or sent there and back. */
export const title = "1 MiB that another process doubles, there and back";
export const goals = [{ contender: PYTHON, atMost: 1 }];

const COUNT = 1 << 17;
const TIMES = 200;

export const contenders: Readonly<Record<string, Contender>> = {
  "pool of processes, copied": async () => {
    const pool = new Pool({ size: 1, backend: "process" });
    const array = new Float64Array(COUNT).fill(1);
    await pool.apply(doubleAll, [array]);
    const started = performance.now();
    for (let i = 0; i < TIMES; i++) mustBe(2, (await pool.apply(doubleAll, [array]))[COUNT - 1] as number);
    const elapsed = performance.now() - started;
    await pool.terminate();
    return (elapsed * 1e6) / TIMES;
  },
  interlock: () =>
    withMemory(async (memory) => {
      const array = new SharedArray("float64", COUNT, { memory });
      const [there, back] = [new Semaphore(0, { memory }), new Semaphore(0, { memory })];
      const child = processOf(double, [array, there, back, TIMES + 1]);
      child.start();
      let elapsed = 0;
      for (let i = 0; i <= TIMES; i++) {
        array.view.fill(1);
        const started = performance.now();
        there.release();
        back.acquire();
        mustBe(2, array.view[COUNT - 1] as number);
        if (i > 0) elapsed += performance.now() - started;
      }
      await child.result();
      return (elapsed * 1e6) / TIMES;
    }),
};
