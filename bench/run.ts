/**
 * Runs every contender of every case in fresh processes, round after round, and prints medians with their spread.
 *
 * Contenders of a round run one after the other, so that whatever else the machine does falls on all of them. Ratios are
 * taken round by round. The built packages are measured, not the sources. A contender that fails is named, and left
 * out once it has failed in most rounds. Ends with exit code 1 if anything but a peer fails, or if a goal is missed; fewer rounds than usual show
 * only that the benchmarks run, and their figures are not judged. `--quick` is one round of those that goals are about, and fails only where
 * a goal is missed by more than three times what it allows, by the median of five rounds if one says so: the system may have two threads on
 * one core, or none on any, as long as a round takes.
 *
 * Usage: node bench/run.ts [--rounds n | --quick] [--out folder] [case...], or the same by `deno run -A` and `bun`
 */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { quantile } from "simple-statistics";
import type { Case } from "./case.ts";
import { concerns, judge, middle, PEERS, ratio, type Verdict } from "./goal.ts";
import { canPin, launch, pythonCases, pythonsOf, runtime } from "./launch.ts";
import { type CaseReport, type ContenderReport, commit, machine, write } from "./report.ts";

const FULL_ROUNDS = 9;
/** How far off a quick run may be: times what a goal allows. */
const QUICK_TOLERANCE = 3;
/** How many rounds say that it is. */
const SURE_ROUNDS = 5;

const { values, positionals } = parseArgs({
  options: { rounds: { type: "string" }, quick: { type: "boolean", default: false }, out: { type: "string" } },
  allowPositionals: true,
});
const { quick, out } = values;
const rounds = Number(values.rounds ?? (quick ? 1 : FULL_ROUNDS));
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`Cannot measure as 'rounds' must be an integer >= 1: received ${values.rounds}`);
const files = positionals.length > 0 ? positionals : readdirSync(new URL("cases/", import.meta.url)).map((file) => file.replace(".ts", ""));

console.log(`${runtime}, ${rounds} rounds, a fresh process for each figure: median (quartiles)\n`);
/** Figures by contender, one for each round. */
type Samples = Map<string, number[]>;
/** Why contenders failed, once for each round in which they did. */
type Reasons = Map<string, string[]>;

const misses: string[] = [];
const failures: string[] = [];
const cases: CaseReport[] = [];
for (const file of files) {
  const { title, unit = "ns", pinned = false, goals = [], contenders } = (await import(`./cases/${file}.ts`)) as Case;
  const names = [...Object.keys(contenders), ...pythonsOf(file)].filter((name) => !quick || goals.some((goal) => concerns(goal, name)));
  if (names.length === 0) continue;
  console.log(`${title}, ${unit}`);
  if (pinned && !canPin) {
    console.log("  skipped: there is no taskset\n");
    continue;
  }
  const samples: Samples = new Map(names.map((name) => [name, []]));
  const reasons: Reasons = new Map();
  const judgeAll = (): Verdict[] => goals.map((one) => judge(one, samples, unit));
  measure(file, pinned, rounds, samples, reasons);
  if (quick && judgeAll().some(({ within }) => !within(QUICK_TOLERANCE))) measure(file, pinned, SURE_ROUNDS, samples, reasons);
  const first = samples.values().next().value as number[];
  for (const [name, figures] of samples) console.log(`  ${name.padEnd(31)} ${row(figures, first, reasons.get(name) ?? [])}`);
  const verdicts = judgeAll();
  for (const { goal, reached, met, within } of verdicts) {
    const result = Number.isNaN(reached) ? "no figure" : reached.toFixed(3);
    if (quick ? !within(QUICK_TOLERANCE) : !met) misses.push(`${title}: ${result}; the goal is ${goal}`);
    console.log(`  goal ${goal}: ${met ? "met" : "MISSED"} with ${result}`);
  }
  for (const [name, [reason]] of reasons) if (!PEERS.includes(name)) failures.push(`${title}: ${name} ${reason}`);
  cases.push({
    name: file,
    title,
    unit,
    contenders: [...samples].map(([name, figures]) => contenderReport(name, figures, first, reasons.get(name) ?? [])),
    goals: verdicts.map(({ goal, reached, met }) => ({ goal, reached: orNull(reached), met })),
  });
  console.log();
}
if (out !== undefined) write({ date: new Date().toISOString(), commit: commit(), machine: machine(), runtime, rounds, cases }, out);
if (pythonCases.length === 0) console.log("Python was not found, so it is not shown.");
if (positionals.length === 0 && !quick && process.versions.bun === undefined && process.versions.deno === undefined) {
  const { status } = spawnSync(process.execPath, ["--expose-gc", new URL("resting.ts", import.meta.url).pathname], { stdio: "inherit" });
  if (status !== 0) misses.push("what it costs while it rests: see above");
}
for (const miss of misses) console.log(`MISSED ${miss}`);
for (const failure of failures) console.log(`FAILED ${failure}`);
if (failures.length > 0 || (misses.length > 0 && (quick || rounds >= FULL_ROUNDS))) process.exitCode = 1;

/** Adds rounds until there are so many: a figure for each contender, NaN if there is none, and why. */
function measure(file: string, pinned: boolean, rounds: number, samples: Samples, reasons: Reasons): void {
  const [figures = []] = samples.values();
  for (let round = figures.length; round < rounds; round++) {
    for (const [name, figures] of samples) {
      const failed = reasons.get(name) ?? [];
      figures[round] = Number.NaN;
      if (failed.length > round / 2) continue;
      try {
        figures[round] = launch(file, name, pinned);
      } catch (error) {
        reasons.set(name, [...failed, (error as Error).message]);
      }
    }
  }
}

function row(figures: readonly number[], first: readonly number[], reasons: readonly string[]): string {
  const known = figures.filter((figure) => !Number.isNaN(figure));
  const note = reasons.length > 0 ? `  ${reasons[0]}` : "";
  if (known.length === 0) return note.trim();
  const spread = `${format(middle(known)).padStart(9)}  (${format(quantile(known, 0.25))} to ${format(quantile(known, 0.75))})`;
  return `${spread.padEnd(37)}${ratio(figures, first).toFixed(2)} x${note && `${note}, in ${reasons.length} of ${figures.length}`}`;
}

function format(figure: number): string {
  return Math.abs(figure) < 100 ? figure.toFixed(2) : figure.toFixed(0);
}

function contenderReport(name: string, figures: readonly number[], first: readonly number[], reasons: readonly string[]): ContenderReport {
  const known = figures.filter((figure) => !Number.isNaN(figure));
  return {
    name,
    median: orNull(middle(figures)),
    spread: known.length === 0 ? null : [quantile(known, 0.25), quantile(known, 0.75)],
    ratio: orNull(ratio(figures, first)),
    rounds: figures.map(orNull),
    ...(reasons[0] === undefined ? {} : { failure: { reason: reasons[0], rounds: reasons.length } }),
  };
}

/** JSON has no NaN. */
function orNull(figure: number): number | null {
  return Number.isNaN(figure) ? null : figure;
}
