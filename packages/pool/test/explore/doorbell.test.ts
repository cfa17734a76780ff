import type { Scenario } from "@interlock/explore";
import { test } from "vitest";
import { proveScenario } from "../../../core/test/explore/prove.ts";
import { DOORBELL_BYTES, Doorbell } from "../../src/channel/doorbell.ts";
import { knocking, ringing } from "./doorbells.ts";

test("one rings, one sleeps: no work is slept past", async () => {
  await proveScenario("doorbell 1", ringing({ works: [2] }), { bound: 3, pct: { schedules: 2000, seed: 1 } });
});

test("several ring", async () => {
  await proveScenario("doorbell 2", ringing({ works: [2, 1] }), { bound: 3, pct: { schedules: 3000, seed: 2 } });
  await proveScenario("doorbell 3", ringing({ works: [1, 1, 1] }), { bound: 2, pct: { schedules: 3000, seed: 3 } });
});

test("a sleep that ends by itself while somebody rings", async () => {
  await proveScenario("doorbell expiry", ringing({ works: [2], milliseconds: 10 }), { bound: 3, pct: { schedules: 2000, seed: 4 } });
});

test("a thread dozes before it sleeps", async () => {
  const dozes = { milliseconds: 1, when: "before" } as const;
  await proveScenario("doze 1", ringing({ works: [2], dozes }), { bound: 3, pct: { schedules: 2000, seed: 7 } });
  await proveScenario("doze 2", ringing({ works: [1, 1], dozes }), { bound: 2, pct: { schedules: 2000, seed: 8 } });
  // No doze ends by itself.
  await proveScenario("doze 3", ringing({ works: [2], dozes: { ...dozes, milliseconds: 1000 } }), { bound: 3, pct: { schedules: 2000, seed: 9 } });
});

test("a thread dozes while its sleep is pending", async () => {
  const dozes = { milliseconds: 1, when: "during" } as const;
  await proveScenario("doze pending 1", ringing({ works: [2], dozes }), { bound: 3, pct: { schedules: 2000, seed: 10 } });
  await proveScenario("doze pending 2", ringing({ works: [1, 1], dozes }), { bound: 2, pct: { schedules: 2000, seed: 11 } });
  await proveScenario("doze pending 3", ringing({ works: [2], dozes: { ...dozes, milliseconds: 1000 } }), { bound: 3, pct: { schedules: 2000, seed: 12 } });
});

test("whoever rings knocks: no work is rested past", async () => {
  const open = knocking;
  await proveScenario("knock 1", ringing({ works: [2], open }), { bound: 3, pct: { schedules: 2000, seed: 15 } });
  await proveScenario("knock 2", ringing({ works: [2, 1], open }), { bound: 2, pct: { schedules: 3000, seed: 16 } });
  const dozes = { milliseconds: 1000, when: "during" } as const;
  await proveScenario("knock doze", ringing({ works: [2], dozes, open }), { bound: 3, pct: { schedules: 2000, seed: 17 } });
  await proveScenario("knock doze before", ringing({ works: [1, 1], dozes: { ...dozes, when: "before" }, open }), {
    bound: 2,
    pct: { schedules: 2000, seed: 18 },
  });
});

test("whoever dies before it knocks holds nobody up who is told of the death", async () => {
  const deaths = { threads: [0], max: 1 };
  await proveScenario("knock death", ringing({ works: [2], deaths, open: knocking }), { bound: 3, pct: { schedules: 2000, seed: 19 } });
  await proveScenario("knock death beside", ringing({ works: [1, 2], after: [1], deaths, open: knocking }), {
    bound: 2,
    pct: { schedules: 2000, seed: 20 },
  });
});

test("whoever dies while it rings does not hold up one that dozes", async () => {
  const deaths = { threads: [0], max: 1 };
  const dozes = { milliseconds: 1000, when: "during" } as const;
  await proveScenario("doze death", ringing({ works: [2], dozes, deaths }), { bound: 3, pct: { schedules: 2000, seed: 13 } });
  await proveScenario("doze death beside", ringing({ works: [1, 2], after: [1], dozes, deaths }), { bound: 2, pct: { schedules: 2000, seed: 14 } });
});

test("whoever dies while it rings holds nobody up for ever", async () => {
  const deaths = { threads: [0], max: 1 };
  await proveScenario("doorbell death", ringing({ works: [2], deaths }), { bound: 3, pct: { schedules: 2000, seed: 5 } });
  // Its ring may be what the other's would have been.
  await proveScenario("doorbell death beside", ringing({ works: [1, 2], after: [1], deaths }), { bound: 3, pct: { schedules: 2000, seed: 6 } });
});

/** Counts notifications from now on, of those who run in this thread. */
function countNotifications(): { readonly count: number; end(): void } {
  const { notify } = Atomics;
  let count = 0;
  Atomics.notify = ((...args: Parameters<typeof notify>) => {
    count++;
    return notify(...args);
  }) as typeof notify;
  return {
    get count() {
      return count;
    },
    end: () => {
      Atomics.notify = notify;
    },
  };
}

test("only a sleeper is woken, by one of those who ring", async () => {
  const scenario: Scenario = {
    threads: 2,
    bytes: DOORBELL_BYTES + 8,
    async thread(c) {
      const words = new Int32Array(c.buffer);
      // At the end of the memory: all that it needs is its words.
      const bell = new Doorbell(c.buffer, DOORBELL_BYTES);
      const wakes = countNotifications();
      try {
        if (c.id === 1) {
          bell.ring();
          c.assert(wakes.count === 0, "nobody sleeps");
          let looked = false;
          const asleep = bell.sleep(() => {
            looked = Atomics.load(words, DOORBELL_BYTES / 4) === 1;
            return false;
          }, 1000);
          bell.ring();
          bell.ring();
          c.assert(looked && wakes.count === 1, `${wakes.count} notified of one sleeper, which ${looked ? "has looked" : "did not look"}`);
          await asleep;
          const { load } = Atomics;
          Atomics.store(words, DOORBELL_BYTES / 4, 1);
          Atomics.load = ((...args: Parameters<typeof load>) => {
            const value = load(...args);
            // Somebody else rings in between.
            Atomics.store(words, DOORBELL_BYTES / 4, 0);
            return value;
          }) as typeof load;
          bell.ring();
          Atomics.load = load;
          c.assert(wakes.count === 1, "the other one wakes the sleeper");
          await bell.sleep(() => true, Infinity);
          bell.ring();
          c.assert(wakes.count === 1 && Atomics.load(words, DOORBELL_BYTES / 4) === 0, "it is awake, and so was who slept nowhere");
        }
      } finally {
        wakes.end();
      }
    },
  };
  await proveScenario("doorbell alone", scenario, { bound: 0, pct: { schedules: 1 } });
});

test("who lies down is knocked at once, by one of those who ring, and not on the word", async () => {
  const scenario: Scenario = {
    threads: 1,
    bytes: DOORBELL_BYTES,
    async thread(c) {
      let knocks = 0;
      const bell = new Doorbell(c.buffer, 0, () => {
        knocks++;
      });
      const wakes = countNotifications();
      try {
        bell.ring();
        c.assert(knocks === 0, "nobody lies down");
        c.assert(!bell.lieDown(() => true), "there is work");
        bell.ring();
        c.assert(knocks === 0, "who found work is awake");
        c.assert(
          bell.lieDown(() => false),
          "there is none",
        );
        bell.ring();
        bell.ring();
        c.assert(knocks === 1, `one of two who ring knocks, not ${knocks}`);
        bell.lieDown(() => false);
        bell.rise();
        bell.ring();
        c.assert(knocks === 1 && wakes.count === 0, "who rose is awake");
        bell.lieDown(() => false);
        bell.attend();
        bell.ring();
        c.assert(knocks === 1, "nobody knocks for who is at the post");
        bell.leave();
        bell.ring();
        c.assert(knocks === 2 && wakes.count === 0, "who has left lies there still");
      } finally {
        wakes.end();
      }
    },
  };
  await proveScenario("doorbell knock", scenario, { bound: 0, pct: { schedules: 1 } });
});

test("a thread at its post is not woken, one that dozes is, and each says how its rest ended", async () => {
  const scenario: Scenario = {
    threads: 1,
    bytes: DOORBELL_BYTES,
    async thread(c) {
      const bell = new Doorbell(c.buffer);
      const wakes = countNotifications();
      try {
        c.assert(!bell.attended && !bell.rouse(), "nobody is at the post at first");
        bell.attend();
        c.assert(bell.attended && bell.rouse() && wakes.count === 0, "whoever is at work is not woken");
        const began = c.now();
        c.assert(!bell.doze(() => false, 10) && c.now() - began >= 10 && bell.attended, "it dozes until its time is up, at its post");
        c.assert(bell.doze(() => true, 10) && wakes.count === 0, "it does not doze while there is work");
        const roused = bell.doze(() => {
          c.assert(bell.rouse() && bell.rouse(), "it is at its post while it dozes");
          return false;
        }, 10);
        c.assert(roused && wakes.count === 1, `who was roused says so, and was by one of ${wakes.count}`);
        // Its sleep is pending.
        const asleep = bell.sleep(() => false, 10);
        bell.ring();
        c.assert(wakes.count === 1, "who is at the post is not woken from its sleep");
        bell.leave();
        c.assert(!bell.attended && !bell.rouse() && wakes.count === 1, "it has left");
        bell.ring();
        c.assert(wakes.count === 2, "who has left is woken from its sleep");
        c.assert(await asleep, "it has slept");
        c.assert(!(await bell.sleep(() => true, 10)), "it has not slept");
        await bell.sleep(() => false, 10);
        bell.ring();
        c.assert(wakes.count === 2, "whose sleep has ended by itself is awake");
      } finally {
        wakes.end();
      }
    },
  };
  await proveScenario("doorbell post", scenario, { bound: 0, pct: { schedules: 1 } });
});
