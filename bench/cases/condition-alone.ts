import { Condition, Lock } from "@interlock/core";
import { type Contender, nanoseconds } from "../measure.ts";

/** Telling waiters of a change when there are none. */
export const title = "uncontended Condition: acquire + notify + release";

const words = new Int32Array(new SharedArrayBuffer(64));

export const contenders: Readonly<Record<string, Contender>> = {
  "its raw operations": () =>
    nanoseconds(3e6, (n) => {
      for (let i = 0; i < n; i++) {
        Atomics.compareExchange(words, 0, 0, 4097);
        if (Atomics.load(words, 0) !== 4097) throw new Error("this thread holds it");
        if (Atomics.load(words, 1) !== 0) throw new Error("nobody waits");
        Atomics.compareExchange(words, 0, 4097, 0);
      }
    }),
  interlock: () => {
    const changed = new Condition(new Lock());
    return nanoseconds(3e6, (n) => {
      for (let i = 0; i < n; i++) {
        changed.acquire();
        changed.notify();
        changed.release();
      }
    });
  },
};
