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

export default class Tally {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const { passed, failed, skipped } = modules.map(count).reduce(add, { ...NONE, failed: unhandled.length });
    console.log(`\n${process.env["INTERLOCK_SUITE"] ?? "tests"}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}
