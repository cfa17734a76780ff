import { BoundedSemaphore, Semaphore } from "@interlock/core";
import { type Contender, nanoseconds } from "../measure.ts";

/** Taking and giving back a permit that nobody else wants. */
export const title = "uncontended Semaphore: acquire + release";

const words = new Int32Array(new SharedArrayBuffer(64));

function pair(permits: Semaphore): number {
  return nanoseconds(3e6, (n) => {
    for (let i = 0; i < n; i++) {
      permits.acquire();
      permits.release();
    }
  });
}

export const contenders: Readonly<Record<string, Contender>> = {
  // Each looks before it swaps, and the release looks whether anybody waits.
  "its raw operations": () =>
    nanoseconds(3e6, (n) => {
      words[0] = 1;
      for (let i = 0; i < n; i++) {
        const before = Atomics.load(words, 0);
        Atomics.compareExchange(words, 0, before, before - 1);
        const now = Atomics.load(words, 0);
        Atomics.compareExchange(words, 0, now, now + 1);
        if (Atomics.load(words, 1) > 0) throw new Error("nobody waits");
      }
    }),
  interlock: () => pair(new Semaphore(1)),
  "interlock BoundedSemaphore": () => pair(new BoundedSemaphore(1)),
};
