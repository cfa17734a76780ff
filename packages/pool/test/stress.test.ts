import { describe, it } from "vitest";
import { HANG_MS } from "../../../stress/board.ts";
import { scenariosWith } from "../../../stress/index.ts";
import { runScenario } from "../../../stress/scenario.ts";
import { SEED } from "../../core/test/seed.ts";

/** The short form of `npm run stress`: whoever fails here says how to run it longer. */
const setting = { ...SEED, milliseconds: 300, threads: 4 };
const DEATHS = 100;
const COSTLY_DEATHS = 12;

describe("under stress", () => {
  it.each(scenariosWith("threads").map((scenario) => [scenario.name, scenario] as const))(
    "%s",
    async (_, scenario) => {
      await runScenario(scenario, { ...setting, deaths: scenario.costly ? COSTLY_DEATHS : DEATHS });
    },
    18 * HANG_MS,
  );
});
