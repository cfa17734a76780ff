/**
 * Explores the interleavings of real, unmodified code that synchronizes through `Atomics`.
 *
 * @module
 */
export { check, explore, replay } from "./explore.ts";
export type { Context, ExploreOptions, ExploreResult, Finding, FindingKind, Scenario, SharedContext } from "./scenario.ts";
export { exploreWorkers, type WorkerOptions } from "./workers/explore-workers.ts";
