import { explore, exploreWorkers, type Scenario } from "@interlock/explore";
import { expect, test } from "vitest";
import * as scenarios from "./worker-scenarios.ts";

test.each(Object.entries<Scenario>(scenarios))("real workers run the same schedules: %s", async (name, scenario) => {
  const { schedules, steps, complete } = await explore(scenario, { bound: 2 });
  expect(complete).toBe(true);
  const module = new URL("./worker-scenarios.ts", import.meta.url);
  expect(await exploreWorkers(module, name, { bound: 2 })).toMatchObject({ schedules, steps, complete });
});
