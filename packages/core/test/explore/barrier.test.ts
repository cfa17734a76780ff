import { test } from "vitest";
import type { Barrier } from "../../src/barrier.ts";
import { BrokenBarrierError } from "../../src/errors.ts";
import { barrier, pass, type Thread } from "./barriers.ts";
import { type Exploration, prove } from "./scenario.ts";

test("nobody passes before all have arrived, again and again, and one gets 0", async () => {
  const thread: Thread = (c, gate) => {
    for (let round = 1; round <= 2; round++) {
      c.set(c.id, round);
      const index = gate.wait();
      for (let other = 0; other < c.threads; other++) c.assert(c.get(other) >= round, `thread ${other} was left behind`);
      if (index === 0) c.set(10 * round, c.get(10 * round) + 1);
      c.mark();
    }
  };
  const final: Exploration<Barrier>["final"] = (c) => c.assert(c.get(10) === 1 && c.get(20) === 1, "index 0 was not given once");
  // A party writes its round for the next pass while others still look at the one before: that is no mistake here.
  await prove("Barrier 2x2", { ...barrier(2), threads: 2, thread, final }, { bound: 3, races: false, pct: { schedules: 5000, seed: 1 } });
  const once: Thread = (c, gate) => {
    c.set(c.id, 1);
    if (gate.wait() === 0) c.set(10, c.get(10) + 1);
    for (let other = 0; other < c.threads; other++) c.assert(c.get(other) === 1, `thread ${other} was left behind`);
  };
  const first: Exploration<Barrier>["final"] = (c) => c.assert(c.get(10) === 1, "index 0 was not given once");
  await prove("Barrier 3x1", { ...barrier(3), threads: 3, thread: once, final: first }, { bound: 2, wakes: "any", pct: { schedules: 5000, seed: 2 } });
});

test("async parties, two in a thread", async () => {
  const thread: Thread = async (c, gate) => {
    if (c.id === 0) {
      const indices = await Promise.all([gate.waitAsync(), gate.waitAsync()]);
      c.assert(indices[0] !== indices[1], "two parties got the same index");
    } else {
      gate.wait();
    }
  };
  await prove("Barrier async", { ...barrier(3), threads: 2, thread }, { bound: 2, pct: { schedules: 3000, seed: 3 } });
});

test("the action runs once a round, before anybody passes", async () => {
  const action = (c: Parameters<Thread>[0]): void => {
    c.mark();
    c.set(0, c.get(0) + 1);
  };
  const thread: Thread = (c, gate) => {
    gate.wait();
    c.assert(c.get(0) === 1, `the action ran ${c.get(0)} times`);
  };
  await prove("Barrier action", { ...barrier(2, { action }), threads: 2, thread }, { bound: 3, pct: { schedules: 3000, seed: 4 } });
  // Four threads for two parties: the second pair must wait while the first pair's action runs.
  const pairs: Thread = (c, gate) => {
    gate.wait();
    c.assert(c.get(0) >= 1, "it passed before the action");
  };
  const both: Exploration<Barrier>["final"] = (c) => c.assert(c.get(0) === 2, `the action ran ${c.get(0)} times`);
  const exploration = { ...barrier(2, { action }), threads: 4, thread: pairs, final: both };
  await prove("Barrier action, 4 threads", exploration, { bound: 1, races: false, maxSchedules: 20_000, pct: { schedules: 2000, seed: 5 } });
});

test("a party that times out breaks it for all, or for none", async () => {
  const thread: Thread = (c, gate) =>
    c.set(
      c.id,
      pass(() => (c.id === 0 ? gate.wait({ timeout: 10 }) : gate.wait())),
    );
  const final: Exploration<Barrier>["final"] = (c) => {
    const passed = [...Array(c.threads).keys()].filter((id) => c.get(id) >= 0).length;
    c.assert(passed === 0 || passed === c.threads, `${passed} of ${c.threads} passed`);
  };
  await prove("Barrier timeout", { ...barrier(2), threads: 2, thread, final }, { bound: 3, pct: { schedules: 2000, seed: 6 } });
  await prove("Barrier timeout 3", { ...barrier(3), threads: 3, thread, final }, { bound: 1, pct: { schedules: 2000, seed: 7 } });
});

test("abort breaks it for all that have not passed", async () => {
  const thread: Thread = (c, gate) => {
    if (c.id === 2) gate.abort();
    else
      c.set(
        c.id,
        pass(() => gate.wait()),
      );
  };
  const final: Exploration<Barrier>["final"] = (c) => c.assert(c.get(0) >= 0 === c.get(1) >= 0, "one passed alone");
  await prove("Barrier abort", { ...barrier(2), threads: 3, thread, final }, { bound: 2, pct: { schedules: 2000, seed: 8 } });
});

test("reset ends one generation: each has one outcome, and the barrier works on", async () => {
  const thread: Thread = (c, gate) => {
    if (c.id === 2) {
      gate.reset();
      return;
    }
    let index = -1;
    for (let tries = 0; index < 0 && tries < 2; tries++) index = pass(() => gate.wait());
    c.set(c.id, index);
  };
  const final: Exploration<Barrier>["final"] = (c) => {
    c.assert(c.get(0) >= 0 && c.get(1) >= 0 && c.get(0) !== c.get(1), `they passed as ${c.get(0)} and ${c.get(1)}`);
  };
  await prove("Barrier reset", { ...barrier(2), threads: 3, thread, final }, { bound: 2, pct: { schedules: 4000, seed: 9 } });
  const two: Thread = (c, gate) =>
    c.id >= 2
      ? gate.reset()
      : void c.set(
          c.id,
          Math.max(
            pass(() => gate.wait({ timeout: 10 })),
            -1,
          ),
        );
  await prove(
    "Barrier two resets",
    { ...barrier(2), threads: 4, thread: two },
    { bound: 1, races: false, maxSchedules: 20_000, pct: { schedules: 3000, seed: 10 } },
  );
});

test("an action that throws breaks it", async () => {
  const action = (): void => {
    throw new RangeError("planned");
  };
  const thread: Thread = (c, gate) => {
    try {
      c.set(c.id, pass(() => gate.wait()) < 0 ? 1 : 2);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      c.set(c.id, 3);
    }
  };
  const final: Exploration<Barrier>["final"] = (c) => c.assert(c.get(0) + c.get(1) === 4, `the parties came to ${c.get(0)} and ${c.get(1)}`);
  await prove("Barrier throw", { ...barrier(2, { action }), threads: 2, thread, final }, { bound: 3, pct: { schedules: 1000, seed: 11 } });
});

test("an aborted async party breaks it for all, or for none", async () => {
  const thread: Thread = async (c, gate) => {
    if (c.id > 0)
      return c.set(
        c.id,
        pass(() => gate.wait()),
      );
    const controller = new AbortController();
    setTimeout(() => controller.abort("enough"), 5);
    c.set(0, await gate.waitAsync({ signal: controller.signal }).catch((error: unknown) => (error instanceof BrokenBarrierError ? -1 : -2)));
    c.assert(c.get(0) > -2, "it rejected with another error");
  };
  const final: Exploration<Barrier>["final"] = (c) => c.assert(c.get(0) >= 0 === c.get(1) >= 0, "one passed alone");
  await prove("Barrier abort async", { ...barrier(2), threads: 2, thread, final }, { bound: 2, pct: { schedules: 2000, seed: 12 } });
});

test("a reset is not lost to an arrival, nor half done after an abort", async () => {
  const thread: Thread = (c, gate) => {
    if (c.id < 2) return void pass(() => gate.wait());
    const before = gate.waiting;
    gate.reset();
    c.assert(before === 0 || Atomics.load(new Int32Array(c.buffer), 0) >>> 15 > 0, "some waited, and still do");
    gate.abort();
  };
  // Three parties, of which one never comes.
  await prove("Barrier reset and arrival", { ...barrier(3), threads: 3, thread }, { bound: 2, pct: { schedules: 500, seed: 17 } });
  const both: Thread = (c, gate) => {
    if (c.id === 0) gate.abort();
    else if (c.id === 1) gate.reset();
    else pass(() => gate.wait({ timeout: 5 }));
  };
  const final: Exploration<Barrier>["final"] = (c) => c.assert(((new Int32Array(c.buffer)[0] as number) & 0x4000) === 0, "it is half reset");
  await prove("Barrier abort and reset", { ...barrier(2), threads: 3, thread: both, final }, { bound: 2, pct: { schedules: 500, seed: 18 } });
});
