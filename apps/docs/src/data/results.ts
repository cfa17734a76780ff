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
  /** Null if it has not run. */
  readonly version: string | null;
  readonly os: string;
  readonly status: "passed" | "failed" | "not run";
  /** What ran; null is not run, as is a package that is missing. */
  readonly packages: Readonly<Record<string, Count | null>> | null;
  readonly note?: string;
}

export interface Matrix {
  readonly date: string;
  readonly commit: string;
  readonly lanes: readonly Lane[];
}

/** One of those that are compared, as it was recorded. */
interface Contender {
  readonly name: string;
  readonly median: number | null;
  /** Its median in those of the first. */
  readonly ratio: number | null;
  /** The quartiles around the median. */
  readonly spread: readonly [low: number, high: number] | null;
}

/** One that has figures. */
export type Measured = { readonly [K in keyof Contender]: NonNullable<Contender[K]> };

interface Goal {
  readonly goal: string;
  readonly reached: number | null;
  readonly met: boolean;
}

export interface Comparison {
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly contenders: readonly Contender[];
  readonly goals: readonly Goal[];
}

/** One run of the benchmarks. */
export interface Benchmarks {
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly runtime: string;
  readonly rounds: number;
  readonly cases: readonly Comparison[];
}

/** Those of a comparison that have figures; the others failed. */
export function measured({ contenders }: Comparison): readonly Measured[] {
  return contenders.filter((one): one is Measured => one.median !== null && one.ratio !== null && one.spread !== null);
}

/** The compatibility matrix; undefined if none has been recorded. */
export const matrix = (): Matrix | undefined => read("matrix/matrix.json");

/** The last benchmarks of each runtime that has some. */
export const benchmarks = (): readonly Benchmarks[] =>
  ["node", "deno", "bun"].map((runtime) => read<Benchmarks>(`bench/results/${runtime}.json`)).filter((one) => one !== undefined);

/** @param file Its path from the root of the repository; the site is built in its own folder. */
function read<T>(file: string): T | undefined {
  const path = join(process.cwd(), "../..", file);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined;
}
