import { explore } from "@interlock/explore";
import { expect, test } from "vitest";
import { proveScenario } from "../../../core/test/explore/prove.ts";
import { EndWords } from "../../src/connection/words.ts";
import { type AnyEnd, chain, passenger } from "./journeys.ts";

test("an end goes from thread to thread", async () => {
  await proveScenario("chain 2", chain(2), { bound: 3, pct: { schedules: 2000, seed: 1 } });
  await proveScenario("chain 3", chain(3), { bound: 1, pct: { schedules: 3000, seed: 2 } });
});

test("whoever sends an end on dies", async () => {
  await proveScenario("chain death 2", chain(2, { deaths: { threads: [0, 1], max: 1 } }), { bound: 1, pct: { schedules: 3000, seed: 3 } });
  await proveScenario("chain death 3", chain(3, { deaths: { threads: [0, 1, 2], max: 2 } }), { bound: 0, pct: { schedules: 5000, seed: 4 } });
});

test("an end is in the messages of another that is sent on", async () => {
  await proveScenario("passenger", passenger(), { bound: 1, pct: { schedules: 3000, seed: 5 } });
});

test.each([0, 1, 2])("an end is in the messages of another that is sent on, and thread %i dies", async (id) => {
  await proveScenario(`passenger death ${id}`, passenger({ deaths: { threads: [id], max: 1 } }), { bound: 0, pct: { schedules: 5000, seed: 6 + id } });
});

/** Looks at no number of a journey: whoever was slow writes over what others did since. */
class Hasty extends EndWords {
  override follow(_: bigint, heir: () => number): void {
    super.follow(super.announce(heir), heir);
  }
}

test("mistakes are found", async () => {
  const blind = (real: AnyEnd): AnyEnd => new Proxy(real, { get: (target, key) => (key === "moving" ? false : bound(target, key)) });
  const mistakes = [
    chain(3, { open: (...args) => new Hasty(...args) }),
    passenger({ deaths: { threads: [1], max: 1 }, open: (...args) => blind(new EndWords(...args)) }),
  ];
  for (const mistake of mistakes) {
    const { finding } = await explore(mistake, { bound: 1, pct: { schedules: 3000, seed: 1 } });
    expect(finding?.kind).toBe("assertion");
  }
});

function bound(target: object, key: string | symbol): unknown {
  const value: unknown = Reflect.get(target, key, target);
  return typeof value === "function" ? value.bind(target) : value;
}
