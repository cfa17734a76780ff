/** What the workflow's jobs are, compared with the lanes that are promised. */
import type { Lane, Os } from "./lanes.ts";

/** A matrix of GitHub's: all combinations of the lists, and what is included besides. */
export interface JobMatrix {
  readonly suite: readonly string[];
  readonly on: readonly string[];
  readonly include?: readonly { readonly suite: string; readonly on: string }[];
}

/** What is wrong with the jobs; nothing if they are exactly the lanes that can run. */
export function compareJobs(matrix: JobMatrix, lanes: readonly Lane[], runners: Readonly<Record<Os, string>>): string[] {
  const combined = matrix.suite.flatMap((suite) => matrix.on.map((on) => ({ suite, on })));
  const jobs = new Set([...combined, ...(matrix.include ?? [])].map(({ suite, on }) => `${suite} on ${on}`));
  const wanted = new Set(lanes.filter(({ suite }) => suite !== undefined).map(({ suite, os }) => `${suite} on ${runners[os]}`));
  return [
    ...[...wanted].filter((job) => !jobs.has(job)).map((job) => `no job runs ${job}, which scripts/lanes.ts promises`),
    ...[...jobs].filter((job) => !wanted.has(job)).map((job) => `${job} is no lane of scripts/lanes.ts`),
  ];
}
