import { test } from "vitest";
import { proveScenario } from "../../../core/test/explore/prove.ts";
import { postings } from "./postings.ts";
import { twoEnds } from "./two-ends.ts";

test("a batch goes there and its results come back", async () => {
  await proveScenario("channel", twoEnds({ batches: [2] }), { bound: 2, pct: { schedules: 500, seed: 1 } });
  await proveScenario("channel, one by one", twoEnds({ batches: [2], eager: true }), { bound: 2, pct: { schedules: 500, seed: 2 } });
});

test("what is cut while the worker runs is returned, and all else gives its value", async () => {
  await proveScenario("channel cut", twoEnds({ batches: [3], cuts: [{ batch: 0, keep: 0 }] }), { bound: 2, pct: { schedules: 500, seed: 3 } });
  const cuts = [
    { batch: 1, keep: 0 },
    { batch: 0, keep: 1 },
  ];
  await proveScenario("channel cut, two batches", twoEnds({ batches: [3, 2], cuts }), { bound: 1, pct: { schedules: 500, seed: 4 } });
  await proveScenario("channel cut, one by one", twoEnds({ batches: [3], eager: true, cuts: [{ batch: 0, keep: 1 }] }), {
    bound: 2,
    pct: { schedules: 500, seed: 5 },
  });
});

test("batches follow each other through the same slot", async () => {
  const cuts = [{ batch: 0, keep: 0 }];
  await proveScenario("channel again", twoEnds({ batches: [2], more: 1, cuts }), { bound: 1, pct: { schedules: 500, seed: 6 } });
});

test("of a worker that dies at any step each call is told of once: its value, a loss, or that it did not begin", async () => {
  await proveScenario("channel death", twoEnds({ batches: [2, 1], deaths: true }), { bound: 1, pct: { schedules: 500, seed: 7 } });
  const plan = { batches: [3], eager: true, cuts: [{ batch: 0, keep: 1 }], deaths: true };
  await proveScenario("channel death and cut", twoEnds(plan), { bound: 1, pct: { schedules: 500, seed: 8 } });
});

test("both sleep on their bells", async () => {
  await proveScenario("channel silent", twoEnds({ batches: [2], silent: true }), { bound: 2, pct: { schedules: 500, seed: 11 } });
  await proveScenario("channel silent, again", twoEnds({ batches: [2], more: 1, silent: true }), { bound: 1, pct: { schedules: 500, seed: 12 } });
  await proveScenario("channel silent death", twoEnds({ batches: [2, 1], deaths: true, silent: true }), { bound: 1, pct: { schedules: 500, seed: 13 } });
  await proveScenario("channel silent noise", twoEnds({ batches: [2], noise: true, silent: true }), { bound: 1, pct: { schedules: 500, seed: 14 } });
});

test("somebody else rings the parent", async () => {
  await proveScenario("channel noise", twoEnds({ batches: [2], noise: true }), { bound: 1, pct: { schedules: 500, seed: 9 } });
});

test("a message wakes a worker that dozes", async () => {
  await proveScenario("message", postings(), { bound: 3, pct: { schedules: 2000, seed: 10 } });
});
