import { Value } from "@interlock/core";
import { Mutex } from "multithreading";
import { lock, unlock } from "../futex.ts";
import { type Contender, mustBe, nanoseconds } from "../measure.ts";

/** A read-modify-write under the value's lock. */
export const title = "locked +=";
export const goals = [{ contender: "bare futex + array", atMost: 1.5 }];

export const contenders: Readonly<Record<string, Contender>> = {
  "bare futex + array": () => {
    const words = new Int32Array(new SharedArrayBuffer(64));
    return nanoseconds(5e6, (n) => {
      const before = words[1] as number;
      for (let i = 0; i < n; i++) {
        lock(words);
        words[1] = (words[1] as number) + 1;
        unlock(words);
      }
      mustBe(before + n, words[1] as number);
    });
  },
  interlock: () => {
    const value = new Value("int32");
    return nanoseconds(5e6, (n) => {
      const before = value.value;
      for (let i = 0; i < n; i++) value.update((old) => old + 1);
      mustBe(before + n, value.value);
    });
  },
  multithreading: () => {
    const words = new Int32Array(new SharedArrayBuffer(4));
    const mutex = new Mutex(words);
    return nanoseconds(2e5, (n) => {
      const before = words[0] as number;
      for (let i = 0; i < n; i++) {
        const guard = mutex.blockingLock();
        (guard.value[0] as number)++;
        guard.dispose();
      }
      mustBe(before + n, words[0] as number);
    });
  },
};
