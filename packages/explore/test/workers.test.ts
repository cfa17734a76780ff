import { expect, test } from "vitest";
import { explore, exploreWorkers, type Scenario } from "../src/index.ts";
import * as constantCondition from "./fixtures/bugs/constant-condition.ts";
import * as loadStoreLock from "./fixtures/bugs/load-store-lock.ts";
import { barrier, condition, mutex2x2, timedMutex } from "./fixtures/clean.ts";

const clean = new URL("./fixtures/clean.ts", import.meta.url);

test.each<[name: string, scenario: Scenario]>([
  ["mutex2x2", mutex2x2],
  ["timedMutex", timedMutex],
  ["barrier", barrier],
  ["condition", condition],
])("workers run the same schedules: %s", async (name, scenario) => {
  const { seconds, ...counts } = await explore(scenario, { bound: 2 });
  expect(await exploreWorkers(clean, name, { bound: 2 })).toMatchObject(counts);
});

test.each<[file: string, module: { scenario: Scenario }]>([
  ["constant-condition", constantCondition],
  ["load-store-lock", loadStoreLock],
])("workers find the same: %s", async (file, { scenario }) => {
  const { finding } = await explore(scenario, { bound: 2 });
  const again = await exploreWorkers(new URL(`./fixtures/bugs/${file}.ts`, import.meta.url), "scenario", { bound: 2 });
  expect(again.finding).toMatchObject({ kind: finding?.kind, message: finding?.message, schedule: finding?.schedule });
});
