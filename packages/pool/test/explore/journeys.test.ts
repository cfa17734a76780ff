import { test } from "vitest";
import { proveScenario } from "../../../core/test/explore/prove.ts";
import { chain, passenger, passengers, stayer, zombie } from "./journeys.ts";

test("an end goes from thread to thread", async () => {
  await proveScenario("chain 2", chain(2), { bound: 3, pct: { schedules: 2000, seed: 1 } });
  await proveScenario("chain 3", chain(3), { bound: 1, pct: { schedules: 3000, seed: 2 } });
});

test("an end goes from thread to thread, and another in its messages", async () => {
  await proveScenario("luggage", chain(3, {}, [0, 2]), { bound: 1, pct: { schedules: 3000, seed: 14 } });
  await proveScenario("luggage death", chain(3, { deaths: { threads: [0, 1], max: 1 } }, [0, 2]), { bound: 0, pct: { schedules: 3000, seed: 15 } });
});

test("whoever sends an end on dies", async () => {
  await proveScenario("chain death 2", chain(2, { deaths: { threads: [0, 1], max: 1 } }), { bound: 1, pct: { schedules: 3000, seed: 3 } });
  await proveScenario("chain death 3", chain(3, { deaths: { threads: [0, 1, 2], max: 2 } }), { bound: 0, pct: { schedules: 5000, seed: 4 } });
});

test("an end is in the messages of another that is sent on", async () => {
  await proveScenario("passenger", passenger(), { bound: 1, pct: { schedules: 3000, seed: 5 } });
});

for (const id of [0, 1, 2]) {
  test(`an end is in the messages of another that is sent on, and thread ${id} dies`, async () => {
    // What is hard is to say who reads a message in an end whose sender dies.
    const bound = id === 1 ? 1 : 0;
    await proveScenario(`passenger death ${id}`, passenger({ deaths: { threads: [id], max: 1 } }), { bound, pct: { schedules: 5000, seed: 6 + id } });
  });
}

test("an end is in the messages of another that is sent on, by a thread that ends then", async () => {
  await proveScenario("passenger end", passenger({ ends: [1] }), { bound: 1, pct: { schedules: 3000, seed: 17 } });
  await proveScenario("passengers end", passengers(1, { ends: [1] }), { bound: 1, pct: { schedules: 3000, seed: 18 } });
});

test("an end is in the messages of another that was to be sent on, and stays", async () => {
  await proveScenario("stayer", stayer(), { bound: 3, pct: { schedules: 3000, seed: 16 } });
});

test("ends are in the messages of each other", async () => {
  for (const received of [1, 3]) {
    await proveScenario(`passengers, ${received} received`, passengers(received), { bound: 1, pct: { schedules: 3000, seed: 9 } });
  }
});

for (const id of [0, 1, 2]) {
  test(`ends are in the messages of each other, and thread ${id} dies`, async () => {
    await proveScenario(`passengers death ${id}`, passengers(3, { deaths: { threads: [id], max: 1 } }), {
      bound: 0,
      pct: { schedules: 10_000, seed: 10 + id },
    });
  });
}

test("a thread that counts as dead sends an end", async () => {
  await proveScenario("zombie", zombie(), { bound: 1, pct: { schedules: 3000, seed: 13 } });
});
