import { Atomic } from "@interlock/core";
import { type Contender, mustBe, nanoseconds } from "../measure.ts";

/** Adding to a shared counter without a lock. */
export const title = "atomic add";
export const goals = [{ contender: "raw Atomics.add", atMost: 1.3 }];

export const contenders: Readonly<Record<string, Contender>> = {
  "raw Atomics.add": () => {
    const words = new Int32Array(new SharedArrayBuffer(4));
    return nanoseconds(1e7, (n) => {
      const before = words[0] as number;
      for (let i = 0; i < n; i++) Atomics.add(words, 0, 1);
      mustBe(before + n, words[0] as number);
    });
  },
  interlock: () => {
    const atomic = new Atomic("int32");
    return nanoseconds(1e7, (n) => {
      const before = atomic.load();
      for (let i = 0; i < n; i++) atomic.add(1);
      mustBe(before + n, atomic.load());
    });
  },
};
