import { Value } from "@interlock/core";
import { PYTHON } from "../goal.ts";
import { type Contender, nanoseconds } from "../measure.ts";
import { withMemory } from "../shared.ts";

/** A read and a write of a number in memory that processes share, under its lock. */
export const title = "A value between processes: update";
export const goals = [{ contender: PYTHON, atMost: 0.2 }];

export const contenders: Readonly<Record<string, Contender>> = {
  interlock: () =>
    withMemory(async (memory) => {
      const value = new Value("int32", 0, { memory });
      return nanoseconds(2e6, (n) => {
        for (let i = 0; i < n; i++) value.update((x) => x + 1);
      });
    }),
};
