/**
 * What a scenario is, and how one is run.
 *
 * @module
 */
import { setSlice, sliceRescues, useMemory } from "@interlock/core/testing";
import { createMemory, type ShmMemory } from "@interlock/shm";
import { MOST_LANES } from "./board.ts";
import type { Setting, Tally } from "./crew.ts";

export interface Scenario {
  readonly name: string;
  /** Whether threads die in it: then waits may end by their slices, which is how deaths are noticed. */
  readonly deadly?: boolean;
  /** Whether each death costs the start of a process. */
  readonly costly?: boolean;
  /** With what its crew runs only; with threads and with processes if absent. One with a pool has no crew, and says threads. */
  readonly only?: "threads" | "processes";
  /** Whether the memory of its processes has a name, which must not be left behind. */
  readonly named?: boolean;
  /** Runs it. Rejects with what is wrong. */
  run(setting: Setting): Promise<Tally>;
}

export interface Outcome extends Tally {
  readonly rescues: number;
  readonly seconds: number;
}

/** Room for what any scenario makes; for each lane, too. */
const MEMORY_BYTES: number = 2 ** 20;
const LANE_BYTES: number = 2 ** 20 + 2 ** 16;

/** Memory that the processes of a scenario share. */
function createCommon({ threads }: Setting, named: boolean): ShmMemory {
  const size = MEMORY_BYTES + threads * MOST_LANES * LANE_BYTES;
  return createMemory(named ? { size, name: true } : { size });
}

/** Runs a scenario. Rejects, naming scenario and seed, if anything is wrong. */
export async function runScenario({ name, deadly = false, named = false, run }: Scenario, setting: Setting): Promise<Outcome> {
  const memory = setting.processes ? createCommon(setting, named) : undefined;
  useMemory(memory);
  // A wake at the very end of a slice counts as a rescue. So no slice ends while nobody dies, unless a wake was lost.
  setSlice(deadly ? 50 : 10_000);
  const before = sliceRescues();
  const started = performance.now();
  const { seed, threads, processes = false } = setting;
  try {
    const tally = await run(setting);
    const rescues = sliceRescues() - before;
    expect(deadly || rescues === 0, () => `Cannot accept ${rescues} waits that ended only because a slice ran out, as nobody died: a wake was lost`);
    expect(!deadly || tally.deaths > 0, () => "Cannot judge as nobody died");
    expect(tally.operations > 0, () => "Cannot judge as nothing was done");
    return { ...tally, rescues, seconds: (performance.now() - started) / 1000 };
  } catch (cause) {
    throw new Error(
      `${name} failed with --seed ${seed} --threads ${threads}${processes ? " --processes" : ""}, ${sliceRescues() - before} rescues: ${(cause as Error)?.message}`,
      { cause },
    );
  } finally {
    useMemory(undefined);
    memory?.unlink();
    memory?.close();
  }
}

/** Fails the scenario unless `condition` holds. */
export function expect(condition: boolean, complaint: () => string): asserts condition {
  if (!condition) throw new Error(complaint());
}

/** Fails the scenario unless two numbers are the same. */
export function expectEqual(what: string, actual: number, expected: number): void {
  expect(actual === expected, () => `Cannot accept ${what} as it must be ${expected}: received ${actual}`);
}
