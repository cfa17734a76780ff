/** Ends a run with lines that anybody, and any script, can read: each failure with its reason, and one that counts. */
import type { TestCase, TestModule, TestResult } from "vitest/node";
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

function line(name: string, errors: TestResult["errors"]): string {
  return `${name}: ${errors?.[0]?.message.split("\n")[0] ?? "no reason given"}`;
}

function lineOf(test: TestCase): string {
  return line(`${test.module.relativeModuleId} > ${test.fullName}`, test.result().errors);
}

/** A line for each test, or whole file, that failed: its name and the first line of why. */
function failures(module: TestModule): string[] {
  const tests = [...module.children.allTests("failed")].map(lineOf);
  if (tests.length > 0 || module.state() !== "failed") return tests;
  return [line(module.relativeModuleId, module.errors())];
}

const SUITE: string = process.env["INTERLOCK_SUITE"] ?? "tests";

/** How many files are named that took longest. */
const SLOWEST = 12;

function secondsOf(module: TestModule): number {
  return module.diagnostic().duration / 1000;
}

export default class Tally {
  /** At once, too: a run that is killed has no end. */
  onTestCaseResult(test: TestCase): void {
    if (test.result().state === "failed") console.log(`\n${SUITE} fails: ${lineOf(test)}`);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const { passed, failed, skipped } = modules.map(count).reduce(add, { ...NONE, failed: unhandled.length });
    const slowest = modules.toSorted((one, other) => secondsOf(other) - secondsOf(one)).slice(0, SLOWEST);
    console.log(`\nslowest: ${slowest.map((module) => `${module.relativeModuleId} ${secondsOf(module).toFixed(0)} s`).join(", ")}`);
    console.log();
    for (const failure of modules.flatMap(failures)) console.log(`${SUITE} failed: ${failure}`);
    for (const error of unhandled) console.log(`${SUITE} failed: outside of all tests: ${(error as { readonly message?: unknown } | null)?.message}`);
    console.log(`${SUITE}: ${passed} passed, ${failed} failed, ${skipped} skipped`);
  }
}
