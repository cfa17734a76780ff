import { test } from "vitest";
import { Barrier } from "../../src/barrier.ts";
import { BrokenBarrierError } from "../../src/errors.ts";
import type { Place } from "../../src/memory.ts";
import { barrier, pass, type Thread } from "./barriers.ts";
import { type Exploration, ONCE, prove, reasonOf } from "./scenario.ts";
import { ticking } from "./ticking.ts";

test("a party that dies in its action breaks it; one that dies after it arrived counts as arrived", async () => {
  const action = (c: Parameters<Thread>[0]): void => c.mark();
  // The timeout is for a death before the arrival: nothing else ends that wait.
  const thread: Thread = (_c, gate) => void pass(() => gate.wait({ timeout: 40 }));
  const deaths = { threads: [0], max: 1 };
  await prove("Barrier death", { ...barrier(2, { action }), threads: 2, thread, deaths }, { bound: 1, pct: { schedules: 2000, seed: 13 } });
  const arrived: Thread = (c, gate) => {
    if (c.id === 0) return void pass(() => gate.wait());
    while (gate.waiting === 0 && c.alive(0));
    if (gate.waiting === 1) c.assert(pass(() => gate.wait()) === 1, "a party that had arrived was not counted");
  };
  await prove("Barrier death after arrival", { ...barrier(2), threads: 2, thread: arrived, deaths }, { bound: 1, pct: { schedules: 1000, seed: 14 } });
});

test("after an action that died, another party's action runs", async () => {
  const action = (c: Parameters<Thread>[0]): void => {
    c.mark();
    c.set(0, c.get(0) + 1);
  };
  const thread: Thread = (c, gate) => {
    while (pass(() => gate.wait()) < 0) gate.reset();
    c.assert(c.get(0) >= 1, "its action did not run");
  };
  const exploration = { ...barrier(1, { action }), threads: 2, thread, deaths: { threads: [0], max: 1 } };
  await prove("Barrier death in action", exploration, { bound: 2, races: false, pct: { schedules: 500, seed: 15 } });
});

test("a thread that dies in reset leaves none half reset", async () => {
  const thread: Thread = (c, gate) => {
    if (c.id === 0) return gate.reset();
    let index = -1;
    for (let tries = 0; index < 0 && tries < 2; tries++) index = pass(() => gate.wait());
    c.set(c.id, index);
  };
  const final: Exploration<Barrier>["final"] = (c) => c.assert(c.get(1) >= 0 && c.get(1) + c.get(2) === 1, "they did not pass together");
  const exploration = { ...barrier(2), threads: 3, thread, final, deaths: { threads: [0], max: 1 } };
  await prove("Barrier death in reset", exploration, { bound: 1, pct: { schedules: 1000, seed: 16 } });
});

test("a party that dies before it has arrived breaks nothing", async () => {
  const action = (c: Parameters<Thread>[0]): void => c.mark();
  const thread: Thread = (c, gate) => {
    // Whoever gives up moves the clock.
    if (c.get(1) === 0) c.set(1, c.now());
    const index = pass(() => gate.wait({ timeout: 40 }));
    if (c.id === 0 || index >= 0 || c.now() > c.get(1)) return;
    c.assert(((new Int32Array(c.buffer)[0] as number) & 0x1fff) === 2, "it broke, but not all had arrived, and nobody gave up");
  };
  const exploration = { ...barrier(2, { action }), threads: 3, thread, deaths: { threads: [0], max: 1 } };
  await prove("Barrier death before arrival", exploration, { bound: 0, races: false, pct: { schedules: 2000, seed: 19 } });
});

test("if the last party dies in its action, another that inherits its part hangs nobody", async () => {
  const thread: Thread = (_c, gate) => {
    pass(() => gate.wait());
    // Whoever is left over of three threads and two parties.
    gate.abort();
  };
  const exploration = { ...barrier(2, { action: (c) => c.mark() }), threads: 3, thread, deaths: { threads: [0], max: 1 } };
  await prove("Barrier inherited action", exploration, { bound: 0, races: false, pct: { schedules: 5000, seed: 7 } });
});

test("a party that waits notices by itself that the action died", async () => {
  const thread: Exploration<Place>["thread"] = (c, { memory, offset }) =>
    ticking(async (tick) => {
      let dead = -1;
      const roster = { ...memory.roster, alive: (slot: number) => slot !== dead };
      const view = (slot: number, action?: () => unknown): Barrier =>
        new Barrier(2, { action }, { memory: { ...memory, roster, agent: { ...memory.agent, slot, rescued: () => {} } }, offset });
      const waiting = reasonOf(view(33).waitAsync());
      void view(0, () => new Promise(() => {})).waitAsync();
      dead = 0;
      for (let slice = 0; slice < 2; slice++) tick();
      c.assert((await waiting) instanceof BrokenBarrierError, "it passed");
    });
  await prove("Barrier death noticed", { create: barrier(2).create, open: (at) => at, threads: 1, thread }, ONCE);
});
