import { Semaphore, SharedArray } from "@interlock/core";
import { type Contender, mustBe } from "../measure.ts";
import { double, PYTHON, processOf, withMemory } from "../shared.ts";

/** A mebibyte of doubles that another process doubles: by its handle, where nothing is copied, and by Python sent there and back. */
export const title = "1 MiB that another process doubles, there and back";
export const goals = [{ contender: PYTHON, atMost: 1 }];

const COUNT = 1 << 17;
const TIMES = 200;

export const contenders: Readonly<Record<string, Contender>> = {
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
