/**
 * What a run of the benchmarks found, for programs and for people.
 *
 * @module
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { table } from "../conformance/table.ts";

/** One contender of a case. A figure is null if it has none. */
export interface ContenderReport {
  readonly name: string;
  /** Of all rounds, in the case's unit. */
  readonly median: number | null;
  /** The quartiles of the rounds. */
  readonly spread: readonly [number, number] | null;
  /** Median of each round's ratio to the first contender of the case. */
  readonly ratio: number | null;
  /** Its figure in each round. */
  readonly rounds: readonly (number | null)[];
  /** Why it failed, if it did, and in how many rounds. */
  readonly failure?: { readonly reason: string; readonly rounds: number };
}

/** What interlock is to reach in a case. */
export interface GoalReport {
  readonly goal: string;
  readonly reached: number | null;
  readonly met: boolean;
}

export interface CaseReport {
  /** Its file in `cases/`. */
  readonly name: string;
  readonly title: string;
  readonly unit: string;
  readonly contenders: readonly ContenderReport[];
  readonly goals: readonly GoalReport[];
}

/** One run, on one runtime. */
export interface BenchReport {
  readonly date: string;
  readonly commit: string;
  readonly machine: string;
  readonly runtime: string;
  readonly rounds: number;
  readonly cases: readonly CaseReport[];
}

/** What this machine is, in a line. */
export function machine(): string {
  const [first] = cpus();
  return `${cpus().length} x ${first?.model.trim() ?? "unknown"}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${release()}`;
}

/** The commit that is measured; with a + if what is measured has been changed since. */
export function commit(): string {
  const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim();
  try {
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "--", "packages", "bench", ":!bench/results") === "" ? "" : "+");
  } catch {
    return "unknown";
  }
}

/** Writes a report into a folder, in the name of its runtime, and anew the page of all that are there. */
export function write(report: BenchReport, folder: string): void {
  mkdirSync(folder, { recursive: true });
  const name = `${(report.runtime.split(" ")[0] as string).toLowerCase()}.json`;
  writeFileSync(join(folder, name), `${JSON.stringify(report, null, 1)}\n`);
  const reports = readdirSync(folder).filter((file) => file.endsWith(".json"));
  const order = ["node.json", "deno.json", "bun.json"];
  reports.sort((a, b) => order.indexOf(a) - order.indexOf(b));
  writeFileSync(join(folder, "README.md"), page(reports.map((file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as BenchReport)));
}

/** The page in Markdown. */
export function page(reports: readonly BenchReport[]): string {
  return `# Benchmarks

<!-- Written by \`npm run bench:all\`. -->

Each figure comes from a fresh process. The contenders of a round run one after the other, so that whatever else the machine does
falls on all of them; ratios are taken round by round, to the first contender of each case. Less is better throughout. Quartiles are
those of the rounds. Absolute figures say little about another machine.

${reports.map(section).join("\n")}`;
}

function section({ runtime, date, commit, machine, rounds, cases }: BenchReport): string {
  const goals = cases.flatMap((one) => one.goals);
  const head = `## ${runtime}

${date.slice(0, 10)}, commit ${commit}, ${cases.length} cases, ${rounds} ${rounds === 1 ? "round" : "rounds"}, ${machine}. Goals met: ${goals.filter(({ met }) => met).length} of ${goals.length}.
`;
  return `${head}${cases.map(comparison).join("")}`;
}

function comparison({ title, unit, contenders, goals }: CaseReport): string {
  const rows = contenders.map(({ name, median, spread, ratio, failure }) => {
    const note = failure === undefined ? "" : ` (${failure.reason}, in ${failure.rounds} rounds)`;
    return [`${name}${note}`, figure(median), spread === null ? "" : `${figure(spread[0])} to ${figure(spread[1])}`, figure(ratio)];
  });
  const lines = goals.map(({ goal, reached, met }) => `Goal ${goal}: ${met ? "met" : "missed"}, ${figure(reached)}.`);
  return `
### ${title}

${table(["", `median, ${unit}`, "quartiles", "ratio"], rows)}${lines.length > 0 ? `\n${lines.join(" ")}\n` : ""}`;
}

/** Three digits that mean something. */
export function figure(value: number | null): string {
  if (value === null) return "none";
  return Math.abs(value) < 100 ? value.toPrecision(3) : value.toFixed(0);
}
