import { test } from "vitest";
import { Event } from "../../src/event.ts";
import { Lock } from "../../src/lock.ts";
import { type Exploration, ONCE, prove } from "./scenario.ts";
import { type Both, both, COMMON_END_MS, cases, judge, play, setSilently } from "./sleeper.ts";

// What a thread that blocks does when a slice ends.

test("a lock's sleeper looks up after each slice, and counts what a slice had to end", async () => {
  const thread: Exploration<Both>["thread"] = (c, { sleeper, at }) => {
    if (c.id > 0) return;
    // Whoever has it is another thread, of which only the words are here.
    const mutex = new Lock(undefined, sleeper.at);
    const words = new Int32Array(at.memory.buffer);
    for (const one of cases) {
      Atomics.store(words, 0, (33 << 2) | (0x80001 << 12));
      const end = play(c, sleeper, one, () => Atomics.store(words, 0, 0));
      c.assert(mutex.tryAcquire({ timeout: one.timeout }), "it was not taken");
      mutex.release();
      end();
      judge(c, sleeper, one);
    }
  };
  await prove("Lock slices", { ...both, threads: 2, thread }, ONCE);
});

test("a wait point's sleepers look up after each slice, and count what a slice had to end", async () => {
  const thread: Exploration<Both>["thread"] = (c, { sleeper, at }) => {
    const flag = new Event(undefined, sleeper.at);
    const other = new Event(undefined, at);
    for (const one of cases) {
      const end = play(c, sleeper, one, () => other.set());
      c.assert(flag.wait({ timeout: one.timeout }), "the set was missed");
      flag.clear();
      end();
      judge(c, sleeper, one);
    }
  };
  await prove("Event slices", { ...both, threads: 1, thread }, ONCE);
});

test("whoever waits for ever sleeps on after a slice without news, if nothing has changed, and not too long", async () => {
  const MOST = 20;
  const thread: Exploration<Both>["thread"] = (c, { sleeper, at }) => {
    const flag = new Event(undefined, sleeper.at);
    const other = new Event(undefined, at);
    const run = (what: string, timeout: number, change: (slept: number) => void, looks: number, sleeps: number): void => {
      // Only whoever sleeps on without looking up wakes with the others.
      const aligned = timeout === Infinity;
      sleeper.checkpoints = 0;
      sleeper.asked = 0;
      let slept = 0;
      sleeper.wait = (milliseconds) => {
        const mine = ++slept === 2 && aligned ? COMMON_END_MS : 50;
        c.assert(milliseconds === mine, `wait ${slept} is for ${milliseconds} ms`);
        change(slept);
        return "timed-out";
      };
      c.assert(flag.wait({ timeout }), "the set was missed");
      flag.clear();
      c.assert(sleeper.checkpoints === looks && slept === sleeps, `${what}: ${sleeper.checkpoints} looks in ${slept} slices`);
    };
    const inThird = (set: () => void) => (slept: number) => void (slept === 3 && set());
    const silently = inThird(() => setSilently(c, other));
    const properly = inThird(() => void other.set());
    sleeper.sleepsOn = () => true;
    run("nobody told", Infinity, silently, 1, MOST);
    run("the word has changed", Infinity, properly, 1, 3);
    run("it has to look at the clock", 10_000, silently, 3, 3);
    sleeper.sleepsOn = (asked) => asked < 3;
    run("news", Infinity, silently, 1, 3);
  };
  await prove("Event sleeps on", { ...both, threads: 1, thread }, ONCE);
});
