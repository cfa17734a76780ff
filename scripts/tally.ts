/** Ends a run with one line that anybody, and any script, can read. */
import type { TestModule } from "vitest/node";
import type { Counts } from "./lane-result.ts";

export const NONE: Counts = { passed: 0, failed: 0, skipped: 0 };

/** How the tests of a file ended. A file that fails by itself counts as a test that does. */
export function count(module: TestModule): Counts {
  const counts = { ...NONE };
  for (const test of module.children.allTests()) {
    const { state } = test.result();
    if (state !== "pending") counts[state]++;
  }
  if (module.state() === "failed" && counts.failed === 0) counts.failed++;
  return counts;
}

export function add(one: Counts, other: Counts): Counts {
  return { passed: one.passed + other.passed, failed: one.failed + other.failed, skipped: one.skipped + other.skipped };
}

/** How many files are named that took longest. */
const SLOWEST = 12;

function secondsOf(module: TestModule): number {
  return module.diagnostic().duration / 1000;
}

export default class Tally {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const { passed, failed, skipped } = modules.map(count).reduce(add, { ...NONE, failed: unhandled.length });
    const slowest = modules.toSorted((one, other) => secondsOf(other) - secondsOf(one)).slice(0, SLOWEST);
    console.log(`\nslowest: ${slowest.map((module) => `${module.relativeModuleId} ${secondsOf(module).toFixed(0)} s`).join(", ")}`);
    console.log(`\n${process.env["INTERLOCK_SUITE"] ?? "tests"}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}
