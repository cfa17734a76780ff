/** What was measured and recorded at the root of the repository, if it was. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The suites of one package on one lane: how many of its tests did what. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One runtime in one version on one system. */
export interface Lane {
  readonly id: string;
  readonly runtime: string;
  readonly version: string;
  readonly os: string;
  /** What ran; null is not run, as is a package that is missing. */
  readonly packages: Readonly<Record<string, Count | null>> | null;
  readonly note?: string;
}

export interface Matrix {
  readonly date: string;
  readonly commit: string;
  readonly lanes: readonly Lane[];
}

/** One of those that are compared. */
export interface Contender {
  readonly name: string;
  readonly median: number;
  /** Its median in those of the first. */
  readonly ratio: number;
  /** The quartiles around the median. */
  readonly spread: readonly [low: number, high: number];
}

export interface Comparison {
  readonly name: string;
  readonly unit: string;
  readonly goal?: string;
  readonly contenders: readonly Contender[];
}

export interface Benchmarks {
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly runtime: string;
  readonly cases: readonly Comparison[];
}

/** The compatibility matrix; undefined if none has been recorded. */
export const matrix = (): Matrix | undefined => read("matrix/matrix.json");

/** The last benchmarks; undefined if none have been recorded. */
export const benchmarks = (): Benchmarks | undefined => read("bench/results/latest.json");

/** @param file Its path from the root of the repository; the site is built in its own folder. */
function read<T>(file: string): T | undefined {
  const path = join(process.cwd(), "../..", file);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined;
}
