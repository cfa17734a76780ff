/** Ends a run with one line that anybody, and any script, can read. */
import type { TestModule } from "vitest/node";

export default class Tally {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandled.length, skipped: 0 };
    for (const module of modules) {
      if (module.state() === "failed" && [...module.children.allTests()].every((test) => test.result().state !== "failed")) count.failed++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== "pending") count[state]++;
      }
    }
    console.log(`\n${process.env["INTERLOCK_SUITE"] ?? "tests"}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}
