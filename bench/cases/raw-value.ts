import { RawValue } from "@interlock/core";
import { type Contender, mustBe, nanoseconds } from "../measure.ts";

/** Reading and writing shared memory without synchronisation: one get and one set. */
export const title = "raw value, get + set";
export const goals = [{ atMost: 6 }];

export const contenders: Readonly<Record<string, Contender>> = {
  "typed array": () => {
    const words = new Int32Array(new SharedArrayBuffer(4));
    return nanoseconds(2e7, (n) => {
      const before = words[0] as number;
      for (let i = 0; i < n; i++) words[0] = (words[0] as number) + 1;
      mustBe((before + n) | 0, words[0] as number);
    });
  },
  interlock: () => {
    const raw = new RawValue("int32");
    return nanoseconds(2e7, (n) => {
      const before = raw.value;
      for (let i = 0; i < n; i++) raw.value = raw.value + 1;
      mustBe((before + n) | 0, raw.value);
    });
  },
};
