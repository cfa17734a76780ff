import { Lock, RawValue } from "@interlock/core";
import { Thread, task } from "@interlock/pool";
import { initRuntime, Mutex, move, shutdown, spawn } from "multithreading";
import { lock, unlock } from "../futex.ts";
import { type Contender, mustBe } from "../measure.ts";
import { race, ready, type Start } from "../race.ts";

/** Four threads add to one counter, each under the lock. */
export const title = "4 threads contending: lock, add, unlock";
export const goals = [{ contender: "bare futex", atMost: 1.25 }];

const THREADS = 4;
const TIMES = 1_000_000;

const bareWorker = task(import.meta, "bare", (start: Start, words: Int32Array) => {
  ready(start);
  for (let i = 0; i < TIMES; i++) {
    lock(words);
    (words[1] as number)++;
    unlock(words);
  }
});

const ownWorker = task(import.meta, "own", (start: Start, own: Lock, counter: RawValue<"int32">) => {
  ready(start);
  const { view } = counter;
  for (let i = 0; i < TIMES; i++) {
    own.acquire();
    (view[0] as number)++;
    own.release();
  }
});

async function perAddition(make: (start: Start) => Thread<never, unknown>, total: () => number): Promise<number> {
  const elapsed = await race(THREADS, make);
  mustBe(THREADS * TIMES, total());
  return (elapsed * 1e6) / (THREADS * TIMES);
}

export const contenders: Readonly<Record<string, Contender>> = {
  "bare futex": () => {
    const words = new Int32Array(new SharedArrayBuffer(64));
    return perAddition(
      (start) => new Thread(bareWorker, [start, words]) as never,
      () => words[1] as number,
    );
  },
  interlock: () => {
    const counter = new RawValue("int32");
    const own = new Lock();
    return perAddition(
      (start) => new Thread(ownWorker, [start, own, counter]) as never,
      () => counter.value,
    );
  },
  multithreading: async () => {
    initRuntime({ maxWorkers: THREADS });
    // Fewer, or the run takes minutes.
    const times = 50_000;
    const words = new Int32Array(new SharedArrayBuffer(4));
    const mutex = new Mutex(words);
    const add = (n: number): Promise<unknown>[] =>
      Array.from({ length: THREADS }, () =>
        spawn(move(mutex, n), (own, count) => {
          for (let i = 0; i < count; i++) {
            const guard = own.blockingLock();
            (guard.value[0] as number)++;
            guard.dispose();
          }
        }).join(),
      );
    await Promise.all(add(1));
    const started = performance.now();
    await Promise.all(add(times));
    const elapsed = performance.now() - started;
    mustBe(THREADS * (times + 1), words[0] as number);
    shutdown();
    return (elapsed * 1e6) / (THREADS * times);
  },
};
