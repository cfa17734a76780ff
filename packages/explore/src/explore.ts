/**
 * Runs schedules until one goes wrong or none is left.
 *
 * @module
 */
import { formatSchedule, parseSchedule } from "./choice.ts";
import type { Chooser } from "./chooser.ts";
import { DepthFirst } from "./depth-first.ts";
import { Pct } from "./pct.ts";
import { Pulse } from "./pulse.ts";
import { filterRejections } from "./rejections.ts";
import { ReplayEngine } from "./replay-engine.ts";
import type { ExploreOptions, ExploreResult, Finding, Scenario } from "./scenario.ts";
import { Script } from "./script.ts";
import { enter, install, realNow } from "./shim.ts";

/** After so many schedules the rest of the process has its turn. */
const BREATH = 8192;

/** Explores the schedules of a scenario: depth first within `bound`, then at random if `pct` says so. */
export function explore(scenario: Scenario, options: ExploreOptions = {}): Promise<ExploreResult> {
  return alone(scenario, options, async (engine, pulse) => {
    const start = realNow();
    const { maxSchedules = Infinity } = options;
    let schedules = 0;
    let finding: Finding | undefined;
    let cut = false;
    for (const search of searches(scenario, options)) {
      do {
        cut = schedules === maxSchedules;
        if (cut) break;
        schedules++;
        engine.begin(search);
        // A schedule without promises takes less time than an await.
        while (!engine.advance()) await pulse.next();
        if (schedules % BREATH === 0) await pulse.rest();
      } while (engine.fault === undefined && search.advance());
      if (engine.fault !== undefined) finding = await retell(engine, pulse);
      if (cut || finding !== undefined) break;
    }
    const complete = !cut && finding === undefined && boundOf(options) !== undefined;
    const counts = { schedules, steps: engine.steps, seconds: (realNow() - start) / 1000, complete };
    return finding === undefined ? counts : { ...counts, finding };
  });
}

/**
 * Runs one schedule, as a finding reports it. Where it ends early, the thread that runs goes on.
 *
 * @param options The same as for the exploration that found it.
 * @returns the finding, if the schedule still goes wrong.
 * @throws {RangeError} If the scenario has no such schedule.
 */
export async function replay(scenario: Scenario, schedule: string, options: ExploreOptions = {}): Promise<Finding | undefined> {
  const choices = parseSchedule(schedule);
  return alone(scenario, options, (engine, pulse) => tell(engine, pulse, choices));
}

/** Throws an error that tells the finding, if there is one. */
export function check(result: ExploreResult): ExploreResult {
  const { finding, schedules } = result;
  if (finding === undefined) return result;
  const { kind, message, schedule, trace, cause } = finding;
  const lines = trace.map((line) => `  ${line}`).join("\n");
  throw new Error(`Schedule ${schedules} went wrong (${kind}): ${message}\nreplay with "${schedule}":\n${lines}`, { cause });
}

function* searches({ threads }: Scenario, options: ExploreOptions): Generator<Chooser> {
  const bound = boundOf(options);
  if (bound !== undefined) yield new DepthFirst(bound, options.cache ?? false);
  const { pct } = options;
  if (pct !== undefined) yield new Pct(threads, pct.schedules, pct.depth ?? 3, pct.seed ?? 1);
}

function boundOf({ bound, pct }: ExploreOptions): number | undefined {
  return bound ?? (pct === undefined ? 2 : undefined);
}

/** Runs the schedule that just went wrong again, to write down what it does. */
async function retell(engine: ReplayEngine, pulse: Pulse): Promise<Finding> {
  const { fault } = engine;
  const choices = engine.path;
  // A program that keeps state elsewhere may not even follow the schedule.
  const told = await tell(engine, pulse, choices).catch(() => undefined);
  if (told !== undefined && told.kind === fault?.kind) return told;
  const { kind = "error", message = "" } = fault ?? {};
  const excuse = `a second run of the same schedule ${told === undefined ? "did not go wrong" : `ended otherwise: ${told.message}`}`;
  return { kind, message, schedule: formatSchedule(choices), trace: told?.trace ?? [excuse] };
}

async function tell(engine: ReplayEngine, pulse: Pulse, choices: readonly number[]): Promise<Finding | undefined> {
  const trace: string[] = [];
  engine.begin(new Script(choices), trace);
  while (!engine.advance()) await pulse.next();
  const { fault } = engine;
  return fault && { ...fault, schedule: formatSchedule(engine.path), trace };
}

let last: Promise<unknown> = Promise.resolve();

/** Explorations replace globals, so they run one after the other. */
function alone<T>(scenario: Scenario, options: ExploreOptions, work: (engine: ReplayEngine, pulse: Pulse) => Promise<T>): Promise<T> {
  const result = last.then(async () => {
    const engine = new ReplayEngine(scenario, options);
    const pulse = new Pulse(() => enter(undefined));
    const undo = [install(), filterRejections((reason) => engine.rejected(reason))];
    try {
      await pulse.rest();
      return await work(engine, pulse);
    } finally {
      enter(undefined);
      // What was rejected last may be reported only after a turn of the event loop.
      await pulse.rest();
      for (const each of undo) each();
    }
  });
  last = result.catch(() => {});
  return result;
}
