/**
 * Runs scenarios with real threads, or with processes that share memory: random, but for the seed that is printed.
 *
 * Usage: node --conditions=@interlock/source stress/run.ts [--seed n] [--seconds n] [--threads n] [--deaths n] [--processes [--runtimes node,deno,bun]] [scenario...]
 * The seconds are those of each scenario; one with a pool, or that kills processes all the time, goes on until so many have died. Processes are of
 * this runtime, or of those that are named, by chance. Also on Deno (DENO_CONDITIONS=@interlock/source deno run -A) and Bun.
 */
import { parseArgs } from "node:util";
import { MOST_THREADS } from "./board.ts";
import { scenariosWith } from "./index.ts";
import { RUNTIMES } from "./runtimes.ts";
import { type Outcome, runScenario } from "./scenario.ts";

// Threads import the scenarios, and never this.
const { values, positionals } = parseArgs({
  options: {
    seed: { type: "string" },
    seconds: { type: "string", default: "5" },
    threads: { type: "string", default: "4" },
    deaths: { type: "string", default: "0" },
    processes: { type: "boolean", default: false },
    runtimes: { type: "string" },
  },
  allowPositionals: true,
});
const seed = integerOf("seed", values.seed ?? String(Math.floor(Math.random() * 2 ** 31)), 0);
const threads = integerOf("threads", values.threads, 2, MOST_THREADS);
const deaths = integerOf("deaths", values.deaths, 0);
const milliseconds = Number(values.seconds) * 1000;
if (!(milliseconds > 0)) throw new RangeError(`Cannot run as --seconds must be a number above 0: received ${values.seconds}`);
const { processes } = values;
const able = scenariosWith(processes ? "processes" : "threads");
for (const name of positionals) {
  if (!able.some((one) => one.name === name)) {
    throw new RangeError(`Cannot run as there is no such scenario of this kind: received ${name}; choose from ${able.map((one) => one.name).join(" ")}`);
  }
}

const runtimes = values.runtimes?.split(",");
for (const name of runtimes ?? []) {
  if (!Object.hasOwn(RUNTIMES, name)) throw new RangeError(`Cannot run as there is no such runtime: received ${name}; choose from ${Object.keys(RUNTIMES)}`);
}

/** What is told besides, of scenarios that count it. */
const LOSSES = ["repairs", "lost permits", "lost items", "unconfirmed items"];

console.log(`--seed ${seed} --seconds ${values.seconds} --threads ${threads}${processes ? " --processes" : ""}${runtimes ? ` --runtimes ${runtimes}` : ""}`);
let failed = 0;
const chosen = able.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
for (const scenario of chosen) {
  try {
    const setting = { seed, milliseconds, threads, deaths, processes, ...(runtimes && { runtimes }) };
    console.log(format(scenario.name, await runScenario(scenario, setting)));
  } catch (error) {
    failed++;
    console.error(error);
  }
}
console.log(`${chosen.length - failed} passed, ${failed} failed`);
// Not only the exit code: after a failure threads may be left that nothing ends.
process.exit(failed === 0 ? 0 : 1);

function format(name: string, { operations, seconds, slowest, timeouts, aborts, deaths, counts, rescues }: Outcome): string {
  const figures = [
    `${operations} operations`,
    `${Math.round(operations / seconds)}/s`,
    `slowest ${Math.round(slowest)} ms`,
    `${timeouts} timeouts`,
    `${aborts} aborts`,
    `${deaths} deaths`,
    `${counts["abandonments"] ?? 0} abandonments`,
    `${rescues} rescues`,
    ...Object.entries(counts).flatMap(([what, n]) => (LOSSES.includes(what) ? [`${n} ${what}`] : [])),
  ];
  return `${name.padEnd(24)} ${figures.join(", ")}`;
}

function integerOf(name: string, text: string, least: number, most: number = Number.MAX_SAFE_INTEGER): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least && number <= most) return number;
  throw new RangeError(`Cannot run as --${name} must be an integer from ${least} to ${most}: received ${text}`);
}
