import { Barrier } from "@interlock/core";
import { Thread, task } from "@interlock/pool";
import { type Contender, mustBe } from "../measure.ts";
import { race, ready, type Start } from "../race.ts";

/** Four threads meet again and again. */
export const title = "Barrier, 4 threads: one pass";

const THREADS = 4;
const PASSES = 5_000;

const raw = task(import.meta, "raw", (start: Start, words: Int32Array) => {
  ready(start);
  for (let pass = 0; pass < PASSES; pass++) {
    const generation = Atomics.load(words, 1);
    if (Atomics.add(words, 0, 1) === THREADS - 1) {
      Atomics.store(words, 0, 0);
      Atomics.add(words, 1, 1);
      Atomics.notify(words, 1);
    } else {
      while (Atomics.load(words, 1) === generation) Atomics.wait(words, 1, generation);
    }
  }
});

const own = task(import.meta, "own", (start: Start, barrier: Barrier) => {
  ready(start);
  let firsts = 0;
  for (let pass = 0; pass < PASSES; pass++) if (barrier.wait() === 0) firsts++;
  return firsts;
});

export const contenders: Readonly<Record<string, Contender>> = {
  "a counter and a word to wait on": async () => {
    const words = new Int32Array(new SharedArrayBuffer(64));
    const elapsed = await race(THREADS, (start) => new Thread(raw, [start, words]) as never);
    mustBe(PASSES, words[1] as number);
    return (elapsed * 1e6) / PASSES;
  },
  interlock: async () => {
    const barrier = new Barrier(THREADS);
    const threads: Thread<[Start, Barrier], number>[] = [];
    const elapsed = await race(THREADS, (start) => {
      const thread = new Thread(own, [start, barrier] as [Start, Barrier]);
      threads.push(thread);
      return thread as never;
    });
    const firsts = await Promise.all(threads.map((thread) => thread.result()));
    mustBe(
      PASSES,
      firsts.reduce((sum, n) => sum + n, 0),
    );
    return (elapsed * 1e6) / PASSES;
  },
};
