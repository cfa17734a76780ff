import { Barrier } from "@interlock/core";
import { type Contender, nanoseconds } from "../measure.ts";

/** A barrier that one party passes: nobody to wait for, nobody to wake. */
export const title = "uncontended Barrier of one party: wait";

const words = new Int32Array(new SharedArrayBuffer(64));

export const contenders: Readonly<Record<string, Contender>> = {
  // A look at the state and at what a late party will compare, the next generation, and whether anybody waits.
  "its raw operations": () =>
    nanoseconds(3e6, (n) => {
      for (let i = 0; i < n; i++) {
        const before = Atomics.load(words, 0);
        if (Atomics.load(words, 1) !== 0) throw new Error("nobody broke it");
        Atomics.compareExchange(words, 0, before, (before + 1) | 0);
        if (Atomics.load(words, 2) !== 0) throw new Error("nobody waits");
      }
    }),
  interlock: () => {
    const barrier = new Barrier(1);
    return nanoseconds(3e6, (n) => {
      for (let i = 0; i < n; i++) barrier.wait();
    });
  },
};
