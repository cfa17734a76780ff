import { Event } from "@interlock/core";
import { type Contender, nanoseconds } from "../measure.ts";

/** Setting and clearing a flag that nobody waits for. */
export const title = "uncontended Event: set + clear";

const words = new Int32Array(new SharedArrayBuffer(64));

export const contenders: Readonly<Record<string, Contender>> = {
  "its raw operations": () =>
    nanoseconds(3e6, (n) => {
      for (let i = 0; i < n; i++) {
        for (let turn = 0; turn < 2; turn++) {
          const before = Atomics.load(words, 0);
          Atomics.compareExchange(words, 0, before, (before + 1) | 0);
        }
        if (Atomics.load(words, 1) > 0) throw new Error("nobody waits");
      }
    }),
  interlock: () => {
    const flag = new Event();
    return nanoseconds(3e6, (n) => {
      for (let i = 0; i < n; i++) {
        flag.set();
        flag.clear();
      }
    });
  },
};
