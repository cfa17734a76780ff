import { Semaphore } from "@interlock/core";
import { Thread, task } from "@interlock/pool";
import { type Contender, mustBe } from "../measure.ts";
import { race, ready, type Start } from "../race.ts";

/** Two threads take turns: each takes the permit that the other gives. */
export const title = "Semaphore hand-off, 2 threads: one hand-over";

const TURNS = 20_000;

const raw = task(import.meta, "raw", (start: Start, words: Int32Array, me: number) => {
  ready(start);
  for (let turn = 0; turn < TURNS / 2; turn++) {
    while (Atomics.compareExchange(words, me, 1, 0) !== 1) Atomics.wait(words, me, 0);
    Atomics.store(words, 1 - me, 1);
    Atomics.notify(words, 1 - me, 1);
  }
});

const own = task(import.meta, "own", (start: Start, mine: Semaphore, other: Semaphore) => {
  ready(start);
  for (let turn = 0; turn < TURNS / 2; turn++) {
    mine.acquire();
    other.release();
  }
});

export const contenders: Readonly<Record<string, Contender>> = {
  "two words to wait on": async () => {
    const words = new Int32Array(new SharedArrayBuffer(64));
    words[0] = 1;
    const elapsed = await race(2, (start, me) => new Thread(raw, [start, words, me]) as never);
    mustBe(1, words[0] as number);
    return (elapsed * 1e6) / TURNS;
  },
  interlock: async () => {
    const permits = [new Semaphore(1), new Semaphore(0)] as const;
    const elapsed = await race(2, (start, me) => new Thread(own, [start, permits[me as 0 | 1], permits[(1 - me) as 0 | 1]]) as never);
    mustBe(1, permits[0].value);
    return (elapsed * 1e6) / TURNS;
  },
};
