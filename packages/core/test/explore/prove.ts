/**
 * Explores scenarios as far as the run asks for.
 *
 * @module
 */
import { check, type ExploreOptions, explore, type Scenario } from "@interlock/explore";
import { afterAll } from "vitest";

/** How far to look: always to a bound, and beyond it at random. */
export type Options = ExploreOptions & Required<Pick<ExploreOptions, "bound" | "pct">>;

const tally: string[] = [];

/** How far to look, if not as far as the test says. */
function reach(options: Options): ExploreOptions {
  const { bound, pct } = options;
  switch (process.env["INTERLOCK_EXPLORE"]) {
    // One preemption more, and ten times as many random schedules: minutes instead of seconds.
    case "deep":
      // Where there is nothing to search, another order than the test's own means nothing.
      if (bound === 0 && pct.schedules <= 1) return options;
      return { ...options, bound: bound + 1, pct: { ...pct, schedules: pct.schedules * 10 }, maxSchedules: 1_000_000 };
    // A part of what the whole looks at: most mistakes show at once.
    case "quick": {
      const { bound: _, ...rest } = options;
      return { ...rest, pct: { ...pct, schedules: Math.min(pct.schedules, 500) } };
    }
    // All that is within the bound, and a part of what is beyond: what one runtime has seen already.
    case "brief":
      return { ...options, pct: { ...pct, schedules: Math.ceil(pct.schedules / 4) } };
    default:
      return options;
  }
}

/** Explores, and throws the finding with its schedule if there is one. */
export async function proveScenario(name: string, scenario: Scenario, options: Options): Promise<void> {
  const result = await explore(scenario, reach(options));
  tally.push(`${name}: ${result.schedules} schedules, ${result.steps} steps, ${result.seconds.toFixed(2)} s${result.complete ? "" : ", not all"}`);
  check(result);
}

afterAll(() => {
  if (process.env["INTERLOCK_EXPLORE_TALLY"] !== undefined) for (const line of tally) console.log(line);
});
