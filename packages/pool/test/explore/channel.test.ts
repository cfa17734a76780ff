import { test } from "vitest";
import { type Options, proveScenario } from "../../../core/test/explore/prove.ts";
import { postings } from "./postings.ts";
import { type Plan, twoEnds, WAYS } from "./two-ends.ts";

/** In every way in which runtimes wake their threads. */
async function prove(name: string, plan: Plan, options: Options): Promise<void> {
  for (const way of WAYS) await proveScenario(name, twoEnds({ ...plan, way }), options);
}

test("a batch goes there and its results come back", async () => {
  await prove("channel", { batches: [2] }, { bound: 2, pct: { schedules: 500, seed: 1 } });
  await prove("channel, one by one", { batches: [2], eager: true }, { bound: 2, pct: { schedules: 500, seed: 2 } });
});

test("what is cut while the worker runs is returned, and all else gives its value", async () => {
  await prove("channel cut", { batches: [3], cuts: [{ batch: 0, keep: 0 }] }, { bound: 2, pct: { schedules: 500, seed: 3 } });
  const cuts = [
    { batch: 1, keep: 0 },
    { batch: 0, keep: 1 },
  ];
  await prove("channel cut, two batches", { batches: [3, 2], cuts }, { bound: 1, pct: { schedules: 500, seed: 4 } });
  await prove(
    "channel cut, one by one",
    { batches: [3], eager: true, cuts: [{ batch: 0, keep: 1 }] },
    {
      bound: 2,
      pct: { schedules: 500, seed: 5 },
    },
  );
});

test("batches follow each other through the same slot", async () => {
  const cuts = [{ batch: 0, keep: 0 }];
  await prove("channel again", { batches: [2], more: 1, cuts }, { bound: 1, pct: { schedules: 500, seed: 6 } });
});

test("of a worker that dies at any step each call is told of once: its value, a loss, or that it did not begin", async () => {
  await prove("channel death", { batches: [2, 1], deaths: true }, { bound: 1, pct: { schedules: 500, seed: 7 } });
  const plan = { batches: [3], eager: true, cuts: [{ batch: 0, keep: 1 }], deaths: true };
  await prove("channel death and cut", plan, { bound: 1, pct: { schedules: 500, seed: 8 } });
});

test("somebody else rings the parent", async () => {
  await prove("channel noise", { batches: [2], noise: true }, { bound: 1, pct: { schedules: 500, seed: 9 } });
});

test("a message wakes a worker that dozes", async () => {
  await proveScenario("message", postings(), { bound: 3, pct: { schedules: 2000, seed: 10 } });
});
