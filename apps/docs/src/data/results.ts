/** What was measured and recorded at the root of the repository, if it was. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchReport, CaseReport, ContenderReport } from "../../../../bench/report.ts";
import type { Matrix } from "../../../../scripts/merge-lanes.ts";

/** One that has figures. */
export type Measured = ContenderReport & { readonly [K in "median" | "ratio" | "spread"]: NonNullable<ContenderReport[K]> };

/** Those of a comparison that have figures; the others failed. */
export function measured({ contenders }: CaseReport): readonly Measured[] {
  return contenders.filter((one): one is Measured => one.median !== null && one.ratio !== null && one.spread !== null);
}

/** The compatibility matrix; undefined if none has been recorded. */
export const matrix = (): Matrix | undefined => read("matrix/matrix.json");

/** The last benchmarks of each runtime that has some. */
export const benchmarks = (): readonly BenchReport[] =>
  ["node", "deno", "bun"].map((runtime) => read<BenchReport>(`bench/results/${runtime}.json`)).filter((one) => one !== undefined);

/** @param file Its path from the root of the repository; the site is built in its own folder. */
function read<T>(file: string): T | undefined {
  const path = join(process.cwd(), "../..", file);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined;
}
