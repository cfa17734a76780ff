import { Condition, Lock, RawValue } from "@interlock/core";
import { Thread, task } from "@interlock/pool";
import { type Contender, mustBe } from "../measure.ts";
import { race, ready, type Start } from "../race.ts";

/** Two threads take turns: each waits until it is its turn, and tells the other. */
export const title = "Condition ping-pong, 2 threads: one hand-over";

const TURNS = 20_000;

const raw = task(import.meta, "raw", (start: Start, words: Int32Array, me: number) => {
  ready(start);
  for (let turn = me; turn < TURNS; turn += 2) {
    for (let now = Atomics.load(words, 0); now !== turn; now = Atomics.load(words, 0)) Atomics.wait(words, 0, now);
    Atomics.store(words, 0, turn + 1);
    Atomics.notify(words, 0);
  }
});

const own = task(import.meta, "own", (start: Start, changed: Condition, turns: RawValue<"int32">, me: number) => {
  ready(start);
  for (let turn = me; turn < TURNS; turn += 2) {
    changed.acquire();
    while (turns.value !== turn) changed.wait();
    turns.value = turn + 1;
    changed.notify();
    changed.release();
  }
});

export const contenders: Readonly<Record<string, Contender>> = {
  "a word to wait on": async () => {
    const words = new Int32Array(new SharedArrayBuffer(64));
    const elapsed = await race(2, (start, me) => new Thread(raw, [start, words, me]) as never);
    mustBe(TURNS, words[0] as number);
    return (elapsed * 1e6) / TURNS;
  },
  interlock: async () => {
    const changed = new Condition(new Lock());
    const turns = new RawValue("int32");
    const elapsed = await race(2, (start, me) => new Thread(own, [start, changed, turns, me]) as never);
    mustBe(TURNS, turns.value);
    return (elapsed * 1e6) / TURNS;
  },
};
