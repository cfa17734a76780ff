import { describe, it } from "vitest";
import { HANG_MS } from "../../../stress/board.ts";
import { scenariosWith } from "../../../stress/index.ts";
import { runScenario } from "../../../stress/scenario.ts";
import { SEED } from "../../core/test/seed.ts";

/** The short form of `npm run stress -- --processes`: whoever fails here says how to run it longer. */
const setting = { ...SEED, processes: true };

describe("processes under stress", () => {
  it.each(scenariosWith("processes").map((scenario) => [scenario.name, scenario] as const))(
    "%s",
    async (_, scenario) => {
      // Whoever dies needs time to be replaced.
      const times = scenario.deadly ? { threads: 4, milliseconds: 1500, deaths: 10 } : { threads: 3, milliseconds: 300 };
      await runScenario(scenario, { ...setting, ...times });
    },
    18 * HANG_MS,
  );
});
