import { Lock } from "@interlock/core";
import { PYTHON } from "../goal.ts";
import { type Contender, nanoseconds } from "../measure.ts";
import { withMemory } from "../shared.ts";

/** Taking and giving back a lock in memory that processes share, that nobody else wants. */
export const title = "A lock between processes: uncontended acquire + release";
export const goals = [{ contender: PYTHON, atMost: 0.6 }];

const loop = (lock: Lock): Promise<number> | number =>
  nanoseconds(5e6, (n) => {
    for (let i = 0; i < n; i++) {
      lock.acquire();
      lock.release();
    }
  });

export const contenders: Readonly<Record<string, Contender>> = {
  "of threads": () => loop(new Lock()),
  interlock: () => withMemory(async (memory) => loop(new Lock({ memory }))),
};
