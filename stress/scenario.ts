/**
 * What a scenario is, and how one is run.
 *
 * @module
 */
import { setSlice, sliceRescues } from "@interlock/core/testing";
import type { Setting, Tally } from "./crew.ts";

export interface Scenario {
  readonly name: string;
  /** Whether threads die in it: then waits may end by their slices, which is how deaths are noticed. */
  readonly deadly?: boolean;
  /** Whether each death costs the start of a process. */
  readonly costly?: boolean;
  /** Runs it. Rejects with what is wrong. */
  run(setting: Setting): Promise<Tally>;
}

export interface Outcome extends Tally {
  readonly rescues: number;
  readonly seconds: number;
}

/** Runs a scenario. Rejects, naming scenario and seed, if anything is wrong. */
export async function runScenario({ name, deadly = false, run }: Scenario, setting: Setting): Promise<Outcome> {
  // A wake at the very end of a slice counts as a rescue. So no slice ends while nobody dies, unless a wake was lost.
  setSlice(deadly ? 50 : 10_000);
  const before = sliceRescues();
  const started = performance.now();
  const { seed, threads } = setting;
  try {
    const tally = await run(setting);
    const rescues = sliceRescues() - before;
    expect(deadly || rescues === 0, () => `Cannot accept ${rescues} waits that ended only because a slice ran out, as nobody died: a wake was lost`);
    expect(tally.operations > 0, () => "Cannot judge as nothing was done");
    return { ...tally, rescues, seconds: (performance.now() - started) / 1000 };
  } catch (cause) {
    throw new Error(`${name} failed with --seed ${seed} --threads ${threads}, ${sliceRescues() - before} rescues: ${(cause as Error)?.message}`, { cause });
  }
}

/** Fails the scenario unless `condition` holds. */
export function expect(condition: boolean, complaint: () => string): asserts condition {
  if (!condition) throw new Error(complaint());
}

/** Fails the scenario unless two numbers are the same. */
export function expectEqual(what: string, actual: number, expected: number): void {
  expect(actual === expected, () => `Cannot accept ${what} as it must be ${expected}: it is ${actual}`);
}
