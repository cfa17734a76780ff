import { Lock, RLock } from "@interlock/core";
import { Mutex } from "multithreading";
import { lock, unlock } from "../futex.ts";
import { type Contender, nanoseconds } from "../measure.ts";

/** Taking and giving back a lock that nobody else wants. */
export const title = "uncontended acquire + release";
export const goals = [{ contender: "two raw compare-exchanges", atMost: 1.25 }];

const words = new Int32Array(new SharedArrayBuffer(64));

export const contenders: Readonly<Record<string, Contender>> = {
  "two raw compare-exchanges": () =>
    nanoseconds(5e6, (n) => {
      for (let i = 0; i < n; i++) {
        Atomics.compareExchange(words, 0, 0, 4097);
        Atomics.compareExchange(words, 0, 4097, 0);
      }
    }),
  "bare futex": () =>
    nanoseconds(5e6, (n) => {
      for (let i = 0; i < n; i++) {
        lock(words);
        unlock(words);
      }
    }),
  interlock: () => {
    const own = new Lock();
    return nanoseconds(5e6, (n) => {
      for (let i = 0; i < n; i++) {
        own.acquire();
        own.release();
      }
    });
  },
  "interlock RLock": () => {
    const own = new RLock();
    return nanoseconds(5e6, (n) => {
      for (let i = 0; i < n; i++) {
        own.acquire();
        own.release();
      }
    });
  },
  multithreading: () => {
    const mutex = new Mutex();
    return nanoseconds(5e5, (n) => {
      for (let i = 0; i < n; i++) mutex.blockingLock().dispose();
    });
  },
};
