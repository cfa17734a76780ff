import { explore, type Scenario } from "@interlock/explore";
import { expect, test } from "vitest";
import { proveScenario } from "../../../core/test/explore/prove.ts";
import { EndWords, type Heir } from "../../src/connection/words.ts";
import { chain, passenger, passengers, seatOf, zombie } from "./journeys.ts";

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

test.each([0, 1, 2])("an end is in the messages of another that is sent on, and thread %i dies", async (id) => {
  // What is hard is to say who reads a message in an end whose sender dies.
  const bound = id === 1 ? 1 : 0;
  await proveScenario(`passenger death ${id}`, passenger({ deaths: { threads: [id], max: 1 } }), { bound, pct: { schedules: 5000, seed: 6 + id } });
});

test("ends are in the messages of each other", async () => {
  for (const received of [1, 3]) {
    await proveScenario(`passengers, ${received} received`, passengers(received), { bound: 1, pct: { schedules: 3000, seed: 9 } });
  }
});

test.each([0, 1, 2])("ends are in the messages of each other, and thread %i dies", async (id) => {
  await proveScenario(`passengers death ${id}`, passengers(3, { deaths: { threads: [id], max: 1 } }), { bound: 0, pct: { schedules: 10_000, seed: 10 + id } });
});

test("a thread that counts as dead sends an end", async () => {
  await proveScenario("zombie", zombie(), { bound: 1, pct: { schedules: 3000, seed: 13 } });
});

/** Looks at no number of a journey: whoever was slow writes over what others did since. */
class Hasty extends EndWords {
  override follow(_: bigint, heir: Heir): boolean {
    return super.follow(super.announce(), heir);
  }
}

/** Lets a sender that was slow say who has what came long ago. */
class Meek extends EndWords {
  override claim(): void {}
}

/** Takes for granted that an end which is about to be sent arrives, and so that everything in its messages does. */
class Sanguine extends EndWords {
  constructor(...args: ConstructorParameters<typeof EndWords>) {
    super(...args);
    const { heir } = this;
    Object.assign(this, { heir: () => heir() ?? seatOf(2) });
  }
}

/** Does not say that an end is about to be sent. */
class Silent extends EndWords {
  override announce(): bigint {
    const journey = super.announce();
    this.renounce();
    return journey;
  }
}

/** Goes on reading what those send who count as dead, until it does not. */
class Careless extends EndWords {
  override release(): void {}
}

test.each<[string, Scenario]>([
  ["hasty", chain(3, { open: (...args) => new Hasty(...args) })],
  ["meek", chain(3, { open: (...args) => new Meek(...args) }, [0, 2])],
  ["sanguine", passenger({ deaths: { threads: [1], max: 1 }, open: (...args) => new Sanguine(...args) })],
  ["sanguine twice", passengers(3, { deaths: { threads: [1], max: 1 }, open: (...args) => new Sanguine(...args) })],
  ["silent", passengers(1, { open: (...args) => new Silent(...args) })],
  ["careless", zombie({ open: (...args) => new Careless(...args) })],
])("a mistake is found: %s", async (_, mistake) => {
  const { finding } = await explore(mistake, { bound: 1, pct: { schedules: 3000, seed: 1 } });
  expect(finding?.kind).toBe("assertion");
});
