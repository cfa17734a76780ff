/**
 * Runs every contender of every case in fresh processes, round after round, and prints medians with their spread.
 *
 * Contenders of a round run one after the other, so that whatever else the machine does falls on all of them. Ratios are
 * taken round by round. The built packages are measured, not the sources. Ends with exit code 1 if a goal is missed; fewer
 * rounds than usual show only that the benchmarks run, and their figures are not judged.
 *
 * Usage: node bench/run.ts [--rounds n] [case...]
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { median, quantile } from "simple-statistics";
import type { Contender } from "./measure.ts";

/** What interlock is to reach: a ratio to a contender, or a time where the contender does nothing that takes any. */
interface Goal {
  readonly contender: string;
  readonly atMost?: number;
  readonly atMostNanoseconds?: number;
}

interface Case {
  readonly title: string;
  readonly goals?: readonly Goal[];
  /** The first one is what ratios are shown to. */
  readonly contenders: Readonly<Record<string, Contender>>;
}

const PYTHON_CASES = [
  "uncontended",
  "contended",
  "raw-value",
  "value-update",
  "semaphore",
  "event",
  "barrier",
  "condition",
  "semaphore-hand-off",
  "queue-spsc",
  "queue-mpmc",
  "queue-objects",
  "queue-buffers",
];
const OURS = "interlock";
const hasPython = spawnSync("python3", ["--version"]).status === 0;

const FULL_ROUNDS = 9;
const { values, positionals } = parseArgs({ options: { rounds: { type: "string", default: String(FULL_ROUNDS) } }, allowPositionals: true });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError(`Cannot measure as 'rounds' must be an integer >= 1: received ${values.rounds}`);
const files = positionals.length > 0 ? positionals : readdirSync(new URL("cases/", import.meta.url)).map((file) => file.replace(".ts", ""));

const runtime = process.versions.bun !== undefined ? `Bun ${process.versions.bun}` : `Node ${process.versions.node}`;
console.log(`${runtime}, ${rounds} rounds, a fresh process for each figure; ns for one operation: median (quartiles)\n`);
const misses: string[] = [];
for (const file of files) {
  const { title, goals = [], contenders } = (await import(`./cases/${file}.ts`)) as Case;
  const samples = new Map<string, number[]>(Object.keys(contenders).map((name) => [name, []]));
  if (hasPython && PYTHON_CASES.includes(file)) samples.set("Python multiprocessing", []);
  for (let round = 0; round < rounds; round++) {
    for (const [name, figures] of samples) figures.push(measure(file, name));
  }
  const figuresOf = (name: string): number[] => samples.get(name) as number[];
  const ratioTo = (name: string, figures: readonly number[]): number => median(figures.map((figure, i) => figure / (figuresOf(name)[i] as number)));
  console.log(title);
  for (const [name, figures] of samples) {
    const ratio = ratioTo(Object.keys(contenders)[0] as string, figures);
    console.log(
      `  ${name.padEnd(26)} ${format(median(figures)).padStart(9)}  (${format(quantile(figures, 0.25))} to ${format(quantile(figures, 0.75))})`.padEnd(66) +
        `${ratio.toFixed(2)} x`,
    );
  }
  for (const { contender, atMost = Infinity, atMostNanoseconds = Infinity } of goals) {
    const ours = figuresOf(OURS);
    const ratio = ratioTo(contender, ours);
    const ok = ratio <= atMost && median(ours) <= atMostNanoseconds;
    const goal = atMost < Infinity ? `<= ${atMost} x ${contender}` : `<= ${atMostNanoseconds} ns`;
    if (!ok) misses.push(`${title}: ${format(median(ours))} ns, ${ratio.toFixed(2)} x ${contender}; the goal is ${goal}`);
    console.log(`  goal ${goal}: ${ok ? "met" : "MISSED"}${atMost < Infinity ? ` with ${ratio.toFixed(3)} x` : ""}`);
  }
  console.log();
}
if (!hasPython) console.log("Python was not found, so it is not shown.");
if (positionals.length === 0 && process.versions.bun === undefined) {
  const { status } = spawnSync(process.execPath, ["--expose-gc", new URL("resting.ts", import.meta.url).pathname], { stdio: "inherit" });
  if (status !== 0) misses.push("what it costs while it rests: see above");
}
for (const miss of misses) console.log(`MISSED ${miss}`);
if (misses.length > 0 && rounds >= FULL_ROUNDS) process.exitCode = 1;

function measure(file: string, name: string): number {
  const [program, args] =
    name === "Python multiprocessing"
      ? ["python3", [new URL("python.py", import.meta.url).pathname, file]]
      : [process.execPath, [new URL("contender.ts", import.meta.url).pathname, file, name]];
  return Number(execFileSync(program, args as string[], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
}

function format(ns: number): string {
  return ns < 100 ? ns.toFixed(2) : ns.toFixed(0);
}
