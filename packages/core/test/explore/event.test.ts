import { test } from "vitest";
import { Event } from "../../src/event.ts";
import { type Exploration, fired, ONCE, prove, reasonOf, SLICED, soon } from "./scenario.ts";

const event: Pick<Exploration<Event>, "create" | "open"> = {
  create: (memory) => void new Event({ memory }),
  open: (at) => new Event(undefined, at),
};

test("a set lets every waiter go, even if a clear follows at once", async () => {
  const thread: Exploration<Event>["thread"] = (c, flag) => {
    if (c.id === 0) {
      c.set(0, 1);
      flag.set();
    } else if (flag.wait()) {
      c.assert(c.get(0) === 1, "it was let go before the set");
    }
  };
  await prove("Event set", { ...event, threads: 3, thread }, { bound: 3, pct: { schedules: 6000, seed: 1 } });
  // The waiter has begun for sure: its timeout is the only way to miss the set.
  const cleared: Exploration<Event>["thread"] = async (c, flag) => {
    if (c.id === 0) {
      const waits = [flag.waitAsync(), flag.waitAsync({ timeout: 5 })];
      flag.set();
      flag.clear();
      c.assert((await waits[0]) === true, "the clear swallowed the set");
      c.assert((await waits[1]) === true, "the clear swallowed the set");
    } else {
      flag.set();
      flag.clear();
    }
  };
  await prove("Event set and clear", { ...event, threads: 2, thread: cleared }, { bound: 2, races: false, pct: { schedules: 4000, seed: 2 } });
});

test("sets and clears of several threads lose none", async () => {
  const thread: Exploration<Event>["thread"] = (c, flag) => {
    if (c.id === 0) return void flag.wait();
    flag.set();
    if (c.id === 1) flag.clear();
    flag.set();
  };
  await prove("Event sets", { ...event, threads: 3, thread, final: () => {} }, { bound: 3, wakes: "any", pct: { schedules: 5000, seed: 3 } });
});

test("blocking, async, timed and aborted waiters together", async () => {
  const thread: Exploration<Event>["thread"] = async (c, flag) => {
    if (c.id === 0) return flag.set();
    if (c.id === 1) return void (flag.wait({ timeout: 10 }) || c.set(0, 1));
    const controller = new AbortController();
    setTimeout(() => controller.abort("enough"), 5);
    const aborted = flag.waitAsync({ signal: controller.signal }).catch((reason: unknown) => c.assert(reason === "enough", String(reason)));
    c.assert(await flag.waitAsync(), "a wait without timeout timed out");
    await aborted;
  };
  await prove("Event mixed", { ...event, threads: 3, thread }, { bound: 2, maxSchedules: 30_000, pct: { schedules: 5000, seed: 4 } });
});

test("a waiter that dies hangs nobody", async () => {
  const thread: Exploration<Event>["thread"] = (c, flag) => {
    if (c.id === 2) flag.set();
    else c.assert(flag.wait(), "a wait without timeout timed out");
  };
  await prove("Event death", { ...event, threads: 3, thread, deaths: { threads: [0], max: 1 } }, { bound: 2, pct: { schedules: 2000, seed: 5 } });
});

test("a try does not wait, a timeout is kept, and a clear clears", async () => {
  const thread: Exploration<Event>["thread"] = async (c, flag) => {
    const start = c.now();
    c.assert(!flag.wait({ timeout: 0 }) && c.now() === start, "a try waited");
    c.assert(!flag.wait({ timeout: 1 }) && c.now() === start + 1, "it did not wait for 1 ms");
    const tried = flag.waitAsync({ timeout: 0 });
    c.assert((await soon(tried)) && !(await tried), "an async try waited");
    c.assert(!(await flag.waitAsync({ timeout: 1 })) && c.now() === start + 2, "it did not wait for 1 ms");
    c.assert((await reasonOf(flag.waitAsync({ signal: fired("enough") }))) === "enough", "it waited although its signal had fired");
    const timed = flag.waitAsync({ timeout: 1 });
    flag.set();
    c.assert(flag.isSet() && flag.wait({ timeout: 0 }) && (await timed), "the set was missed");
    c.assert((await reasonOf(flag.waitAsync({ signal: fired("enough") }))) === "enough", "it did not look at its signal");
    flag.clear();
    c.assert(!flag.isSet() && !flag.wait({ timeout: 1 }), "it is still set");
    flag.clear();
    c.assert(!flag.isSet() && !flag.wait({ timeout: 1 }), "a second clear set it");
  };
  await prove("Event limits", { ...event, threads: 1, thread }, ONCE);
  const long: Exploration<Event>["thread"] = (c, flag) => {
    const start = c.now();
    c.assert(!flag.wait({ timeout: 120 }) && c.now() === start + 120, "it did not wait for 120 ms");
  };
  await prove("Event long wait", { ...event, threads: 1, thread: long }, SLICED);
});

test("a set lets the async waiters of all threads go", async () => {
  const thread: Exploration<Event>["thread"] = async (c, flag) => {
    if (c.id === 0) return flag.set();
    c.assert(await flag.waitAsync(), "a wait without timeout timed out");
  };
  // The last word of the wait point counts its waiters.
  const final: Exploration<Event>["final"] = (c) => c.assert(new Int32Array(c.buffer)[3] === 0, "somebody is still counted as waiting");
  await prove("Event async", { ...event, threads: 3, thread, final }, { bound: 2, pct: { schedules: 1000, seed: 6 } });
});
