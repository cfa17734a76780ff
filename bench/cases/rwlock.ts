import type { Lockable } from "@interlock/core";
import { RWLock } from "@interlock/core";
import { type Contender, nanoseconds } from "../measure.ts";

/** Taking and giving back either side of a lock that nobody else wants. */
export const title = "uncontended RWLock: acquire + release";

const words = new Int32Array(new SharedArrayBuffer(64));

function pair(side: Lockable): number {
  return nanoseconds(3e6, (n) => {
    for (let i = 0; i < n; i++) {
      side.acquire();
      side.release();
    }
  });
}

export const contenders: Readonly<Record<string, Contender>> = {
  // A count up and a count down, and a look at the writer after each.
  "raw operations of a read": () =>
    nanoseconds(3e6, (n) => {
      for (let i = 0; i < n; i++) {
        Atomics.store(words, 1, Atomics.load(words, 1) + 1);
        if (Atomics.load(words, 0) !== 0) throw new Error("nobody writes");
        const before = Atomics.load(words, 1);
        Atomics.compareExchange(words, 1, before, before - 1);
        if (Atomics.load(words, 0) !== 0) throw new Error("nobody writes");
      }
    }),
  interlock: () => pair(new RWLock().readLock),
  "interlock write": () => pair(new RWLock().writeLock),
};
