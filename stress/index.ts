/**
 * All scenarios.
 *
 * @module
 */
import type { Scenario } from "./scenario.ts";
import * as barriers from "./scenarios/barriers.ts";
import * as conditions from "./scenarios/conditions.ts";
import * as convoys from "./scenarios/convoys.ts";
import * as deathsBarrier from "./scenarios/deaths-barrier.ts";
import * as deathsLocks from "./scenarios/deaths-locks.ts";
import * as deathsQueue from "./scenarios/deaths-queue.ts";
import * as deathsWaiters from "./scenarios/deaths-waiters.ts";
import * as events from "./scenarios/events.ts";
import * as locks from "./scenarios/locks.ts";
import * as notify from "./scenarios/notify.ts";
import * as poolDeaths from "./scenarios/pool-deaths.ts";
import * as processChaos from "./scenarios/process-chaos.ts";
import * as processDeaths from "./scenarios/process-deaths.ts";
import * as queues from "./scenarios/queues.ts";
import * as rwlocks from "./scenarios/rwlocks.ts";
import * as semaphores from "./scenarios/semaphores.ts";
import * as values from "./scenarios/values.ts";

const families = [
  locks,
  convoys,
  values,
  semaphores,
  conditions,
  notify,
  events,
  barriers,
  rwlocks,
  queues,
  deathsLocks,
  deathsWaiters,
  deathsBarrier,
  deathsQueue,
  poolDeaths,
  processDeaths,
  processChaos,
];

export const scenarios: readonly Scenario[] = families.flatMap((family) => family.scenarios);

/** Those that run with threads, or with processes. */
export function scenariosWith(kind: "threads" | "processes"): readonly Scenario[] {
  return scenarios.filter(({ only = kind }) => only === kind);
}
