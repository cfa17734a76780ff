import { Queue } from "@interlock/core";
import { PYTHON } from "../goal.ts";
import type { Contender } from "../measure.ts";
import { race } from "../race.ts";
import { getTexts, processOf, putTexts, withMemory } from "../shared.ts";

/** One process puts strings of 64 characters, another gets them; of Python's two queues the one that takes less. */
export const title = "Queue between 2 processes: a string of 64 characters";
export const goals = [{ contender: PYTHON, atMost: 0.2 }];

const COUNT = 200_000;

export const contenders: Readonly<Record<string, Contender>> = {
  interlock: () =>
    withMemory(async (memory) => {
      const queue = new Queue<string>({ memory });
      const elapsed = await race(2, (start, me) => processOf(me === 0 ? putTexts : getTexts, [start, queue, COUNT]), memory);
      return (elapsed * 1e6) / COUNT;
    }),
};
