/** Prints which consumers ran, what came of them, and how long it took. */
import type { TestModule } from "vitest/node";

export default class Table {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const rows = tests.map((test) => [test.result().state, ((test.diagnostic()?.duration ?? 0) / 1000).toFixed(1), test.fullName] as const);
    console.log(`\n${"result".padEnd(8)} ${"seconds".padStart(7)}  consumer`);
    for (const [state, seconds, name] of rows) console.log(`${state.padEnd(8)} ${seconds.padStart(7)}  ${name}`);
  }
}
