/** What a lane leaves behind: a file that says what ran, where, and how its tests ended. */
import { execFileSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Os, thisOs } from "./lanes.ts";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface LaneResult {
  readonly lane: string;
  /** What the lane itself says it is; undefined if it did not come so far. */
  readonly runtime: string | undefined;
  readonly version: string | undefined;
  readonly os: Os;
  readonly arch: string;
  readonly date: string;
  readonly commit: string;
  /** Whether there were edits that the commit does not hold. */
  readonly edited: boolean;
  /** By the folder that the tests are in. */
  readonly packages: Readonly<Record<string, Counts>>;
  /** Whether the run as a whole ended well. */
  readonly passed: boolean;
}

export const RESULTS = ".cache/matrix";

export function resultFile(lane: string): string {
  return join(RESULTS, `${lane}.json`);
}

/** Completes a result with what is the same for all lanes here, and writes it. */
export function writeResult(result: Pick<LaneResult, "lane" | "runtime" | "version" | "packages" | "passed">): void {
  const here = { os: thisOs(), arch: process.arch, date: new Date().toISOString(), ...checkout() };
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(resultFile(result.lane), `${JSON.stringify({ ...result, ...here }, undefined, 2)}\n`);
}

/** Forgets an earlier run, so that its result does not stand for one that leaves none. */
export function forgetResult(lane: string): void {
  rmSync(resultFile(lane), { force: true });
}

/** Notes how a run ended. One that left no result, or ended badly after it, has failed whatever its tests say. */
export function settleResult(lane: string, passed: boolean): void {
  const [result] = readResults(resultFile(lane));
  if (result === undefined) writeResult({ lane, runtime: undefined, version: undefined, packages: {}, passed: false });
  else if (result.passed && !passed) writeResult({ ...result, passed });
}

export function readResults(pattern: string = join(RESULTS, "**/*.json")): LaneResult[] {
  return globSync(pattern)
    .sort()
    .map((file) => JSON.parse(readFileSync(file, "utf8")) as LaneResult);
}

/** What is checked out, if this is a checkout. The matrix itself is no edit. */
export function checkout(): { commit: string; edited: boolean } {
  const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return { commit: git("rev-parse", "HEAD"), edited: git("status", "--porcelain", "--", ".", ":!matrix") !== "" };
  } catch {
    return { commit: "unknown", edited: false };
  }
}
