/** Writes the result of a lane, where scripts/test.ts asks for it. */
import type { TestModule, TestRunEndReason } from "vitest/node";
import { type Counts, writeResult } from "./lane-result.ts";
import { add, count, NONE } from "./tally.ts";

/** A browser, as those who drive it know it. */
interface Driver {
  readonly browser?: { version(): string } | null;
}

export default class LaneReporter {
  #version: string | undefined;

  onTestModuleEnd(module: TestModule): void {
    // Pages tell half of their browser's version, or another one. It is gone when the run ends.
    this.#version ??= (module.project.browser?.provider as Driver | undefined)?.browser?.version();
  }

  onTestRunEnd(modules: readonly TestModule[], _unhandled: readonly unknown[], reason: TestRunEndReason): void {
    const lane = process.env["INTERLOCK_LANE"];
    if (lane === undefined) return;
    const packages: Record<string, Counts> = {};
    for (const module of modules) {
      // packages/core/test/..., test/consumers/...
      const name = module.relativeModuleId.split("/")[1] ?? "";
      packages[name] = add(packages[name] ?? NONE, count(module));
    }
    const ran = modules.map((module) => module.meta().runtime).find((runtime) => runtime !== undefined);
    writeResult({ lane, runtime: ran?.name, version: this.#version ?? ran?.version, packages, passed: reason === "passed" });
  }
}
