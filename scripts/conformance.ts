/**
 * Runs the conformance tests on every runtime that has threads which may block, and writes the table of their results.
 *
 * Usage: node scripts/conformance.ts
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import "./check-conformance.ts";
import { render } from "../conformance/render.ts";
import { rows } from "../conformance/rows.ts";
import { runSuite, type Suite, suites } from "./suites.ts";

const folder = ".cache/conformance";

/** The part of vitest's report that is read. */
interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly { readonly title: string; readonly status: string }[] }[];
}

/** The status of each test on one runtime, by title: of a test that ran several times, the first that is not passed. */
function run(runtime: string): ReadonlyMap<string, string> {
  const file = `${folder}/${runtime}.json`;
  runSuite(runtime, suites[runtime] as Suite, ["/test/conformance/", "--reporter=./scripts/tally.ts", "--reporter=json", `--outputFile.json=${file}`]);
  const statuses = new Map<string, string>();
  // Without a report, every row of this runtime is missing.
  if (!existsSync(file)) return statuses;
  const { testResults } = JSON.parse(readFileSync(file, "utf8")) as Report;
  for (const { title, status } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    if ((statuses.get(title) ?? "passed") === "passed") statuses.set(title, status);
  }
  return statuses;
}

// A report of an earlier run must not stand for one that could not be written.
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const runs = ["node24", "node22", "deno", "bun"].map((runtime) => [runtime, run(runtime)] as const);
const results = rows.map(({ test, ...row }) => ({
  ...row,
  results: test === undefined ? {} : Object.fromEntries(runs.map(([runtime, statuses]) => [runtime, statuses.get(test) ?? "missing"])),
}));

writeFileSync("conformance/conformance.json", `${JSON.stringify({ rows: results }, null, 2)}\n`);
writeFileSync("conformance/README.md", render(results));

const wrong = results.flatMap(({ class: name, row, results }) =>
  Object.entries(results).flatMap(([runtime, status]) => (status === "passed" ? [] : [`${name}.${row} on ${runtime}: ${status}`])),
);
for (const line of wrong) console.error(line);
if (wrong.length > 0) process.exit(1);
