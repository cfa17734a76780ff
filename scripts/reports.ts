/** Runs some of the tests on every runtime that has threads which may block, and tells what became of each. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { runSuite, type Suite, suites } from "./suites.ts";

/** What they are called in tables. */
export const RUNTIMES: Readonly<Record<string, string>> = { node24: "Node 24", node22: "Node 22", deno: "Deno", bun: "Bun" };

/** The part of vitest's report that is read. */
interface Assertion {
  readonly title: string;
  readonly fullName: string;
  readonly status: string;
}

interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly Assertion[] }[];
}

/** The statuses of tests by name: of several of a name, the first that is not passed. */
class Statuses {
  /** By title, with those of the groups around it. */
  readonly #full = new Map<string, string>();
  /** By title alone. */
  readonly #short = new Map<string, string>();

  note({ title, fullName, status }: Assertion): void {
    for (const [map, name] of [
      [this.#full, fullName],
      [this.#short, title],
    ] as const) {
      if ((map.get(name) ?? "passed") === "passed") map.set(name, status);
    }
  }

  get(name: string): string | undefined {
    return this.#full.get(name) ?? this.#short.get(name);
  }
}

/** Runs tests on one runtime. */
function run(runtime: string, filter: string, file: string): void {
  // A report of an earlier run must not stand for one that could not be written.
  rmSync(file, { force: true });
  const more = [filter, "--reporter=./scripts/tally.ts", "--reporter=json", `--outputFile.json=${file}`];
  runSuite(runtime, suites[runtime] as Suite, { more, whole: true });
}

/** The status of each test of a report. Without a report, every test of its runtime is missing. */
function read(file: string): Statuses {
  const statuses = new Statuses();
  if (!existsSync(file)) return statuses;
  const { testResults } = JSON.parse(readFileSync(file, "utf8")) as Report;
  for (const { assertionResults } of testResults) for (const one of assertionResults) statuses.note(one);
  return statuses;
}

/**
 * Runs the tests whose path contains `filter`; returns what became of the test of a title, by runtime.
 *
 * @param named The runtimes to run, all if there are none; of the others, what they reported last is read again.
 */
export function runEverywhere(filter: string, name: string, named: readonly string[]): (title: string) => Readonly<Record<string, string>> {
  const folder = `.cache/${name}`;
  mkdirSync(folder, { recursive: true });
  const wrong = named.find((runtime) => !Object.hasOwn(RUNTIMES, runtime));
  if (wrong !== undefined) throw new RangeError(`Cannot run on ${wrong}: choose from ${Object.keys(RUNTIMES).join(" ")}`);
  const runs = Object.keys(RUNTIMES).map((runtime) => {
    const file = `${folder}/${runtime}.json`;
    if (named.length === 0 || named.includes(runtime)) run(runtime, filter, file);
    return [runtime, read(file)] as const;
  });
  return (title) => Object.fromEntries(runs.map(([runtime, statuses]) => [runtime, statuses.get(title) ?? "missing"]));
}

/** Ends the program with what is wrong, if anything is. */
export function endWith(wrong: readonly string[]): void {
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exit(1);
}
