import { expect, test } from "vitest";
import { check, explore, replay, type Scenario } from "../src/index.ts";

/** A lock that names its owner, and is taken from a dead one. Sleepers look up after each slice. */
const robust: Scenario = {
  threads: 2,
  bytes: 64,
  deaths: { threads: [0], max: 1 },
  thread({ id, buffer, alive, mark }) {
    const words = new Int32Array(buffer);
    const me = id + 1;
    for (;;) {
      const owner = Atomics.compareExchange(words, 0, 0, me);
      if (owner === 0) break;
      if (!alive(owner - 1) && Atomics.compareExchange(words, 0, owner, me) === owner) break;
      Atomics.wait(words, 0, owner, 50);
    }
    mark();
    Atomics.store(words, 0, 0);
    Atomics.notify(words, 0, 1);
  },
};

test("a dead owner's lock is noticed after a slice", async () => {
  expect(check(await explore(robust)).complete).toBe(true);
});

test("without looking at who is dead, it is a deadlock", async () => {
  const { thread } = robust;
  const blind: Scenario = { ...robust, thread: (context) => thread({ ...context, alive: () => true }) };
  const { finding } = await explore(blind);
  expect(finding).toMatchObject({ kind: "deadlock", schedule: expect.stringContaining("k0") });
  expect(finding?.trace).toContain("thread 0: dies");
  expect(await replay(blind, finding?.schedule ?? "")).toEqual(finding);
});

test("a slice ends only where somebody has died", async () => {
  const waiter: Scenario = {
    threads: 2,
    bytes: 64,
    thread({ id, buffer }) {
      const words = new Int32Array(buffer);
      if (id === 0) Atomics.load(words, 1);
      else while (Atomics.wait(words, 0, 0, 50) !== "timed-out");
    },
  };
  const deaths = { threads: [0], max: 1 };
  expect((await explore(waiter)).finding?.kind).toBe("deadlock");
  expect((await explore(waiter, { sliceMs: 51 })).finding).toBeUndefined();
  // The schedule in which nobody dies is still a deadlock.
  expect((await explore({ ...waiter, deaths })).finding?.schedule).not.toContain("k");
});

test("a dead thread runs no finally block, waits no more, and takes its wake with it", async () => {
  const ends = new Set<string>();
  const scenario: Scenario = {
    threads: 2,
    bytes: 64,
    deaths: { threads: [0], max: 1 },
    thread({ id, buffer }) {
      const words = new Int32Array(buffer);
      if (id === 0) {
        try {
          if (Atomics.wait(words, 0, 0) === "ok") Atomics.store(words, 1, 1);
        } finally {
          Atomics.store(words, 2, 1);
        }
      } else {
        Atomics.store(words, 0, 1);
        Atomics.store(words, 3, Atomics.notify(words, 0) + 1);
      }
    },
    final({ buffer }) {
      ends.add(new Int32Array(buffer).slice(1, 4).join());
    },
  };
  check(await explore(scenario, { bound: 3 }));
  // Woken or not, and dead after any step: the second outcome is a wake that nobody saw.
  expect([...ends].sort()).toEqual(["0,0,1", "0,0,2", "0,1,1", "1,0,2", "1,1,2"]);
});

test("an async thread dies with its tickets and timers", async () => {
  const ends = new Set<string>();
  const scenario: Scenario = {
    threads: 2,
    bytes: 64,
    deaths: { threads: [0], max: 1 },
    async thread({ id, buffer }) {
      const words = new Int32Array(buffer);
      if (id === 0) {
        await Promise.race([Atomics.waitAsync(words, 0, 0).value, new Promise((resolve) => setTimeout(resolve, 5))]);
        Atomics.store(words, 1, 1);
      } else {
        Atomics.store(words, 2, Atomics.notify(words, 0) + 1);
      }
    },
    final({ buffer }) {
      ends.add(new Int32Array(buffer).slice(1, 3).join());
    },
  };
  check(await explore(scenario));
  expect([...ends].sort()).toEqual(["0,1", "0,2", "1,1", "1,2"]);
});

test("an interval of a slice ticks once somebody has died, until it is cleared; shorter and endless ones never", async () => {
  const ends = new Set<string>();
  const scenario: Scenario = {
    threads: 2,
    bytes: 64,
    deaths: { threads: [0], max: 1 },
    async thread({ id, buffer, assert, now }) {
      const words = new Int32Array(buffer);
      if (id === 0) {
        Atomics.store(words, 0, 1);
        Atomics.notify(words, 0);
        return;
      }
      const never = (): never => assert(false, "it ticked") as never;
      for (const period of [49, 2 ** 31 - 1]) setInterval(never, period);
      clearInterval(setInterval(never, 50));
      const begun = now();
      let ticks = 0;
      await new Promise((resolve) => {
        const tick = (by: number): void => {
          ticks += by;
          if (Atomics.load(words, 0) === 0 && ticks < 2) return;
          clearInterval(timer);
          resolve("ticked");
        };
        const timer = setInterval(tick, 50, 1);
        void Promise.resolve(Atomics.waitAsync(words, 0, 0).value).then(resolve);
      });
      ends.add(`${ticks} ticks in ${now() - begun} ms`);
    },
  };
  check(await explore(scenario));
  // Woken; dead before it could wake anybody, with the word changed or not.
  expect([...ends].sort()).toEqual(["0 ticks in 0 ms", "1 ticks in 50 ms", "2 ticks in 100 ms"]);
});

test("no more die than may", async () => {
  const dead = new Set<number>();
  const scenario: Scenario = {
    threads: 3,
    bytes: 64,
    deaths: { threads: [0, 1], max: 1 },
    thread({ id, buffer, alive }) {
      const words = new Int32Array(buffer);
      Atomics.add(words, 0, 1);
      if (id === 2) dead.add(Number(!alive(0)) + Number(!alive(1)));
    },
  };
  check(await explore(scenario));
  expect([...dead].sort()).toEqual([0, 1]);
});
