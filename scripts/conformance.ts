/**
 * Runs the conformance tests on every runtime that has threads which may block, and writes the table of their results.
 *
 * Usage: node scripts/conformance.ts [runtime...], of which the others' last results are kept
 */
import { writeFileSync } from "node:fs";
import "./check-conformance.ts";
import { render } from "../conformance/render.ts";
import { rows, testOf } from "../conformance/rows.ts";
import { endWith, runEverywhere } from "./reports.ts";

const resultsOf = runEverywhere("/test/conformance/", "conformance", process.argv.slice(2));
const results = rows.map((row) => {
  const { test: _, kinds, ...told } = row;
  return { ...told, results: Object.fromEntries(kinds.map((kind) => [kind, resultsOf(testOf(row, kind))])) };
});

writeFileSync("conformance/conformance.json", `${JSON.stringify({ rows: results }, null, 2)}\n`);
writeFileSync("conformance/README.md", render(results));

endWith(
  results.flatMap(({ class: name, row, results }) =>
    Object.entries(results).flatMap(([kind, statuses]) =>
      Object.entries(statuses).flatMap(([runtime, status]) => (status === "passed" ? [] : [`${name}.${row} (${kind}) on ${runtime}: ${status}`])),
    ),
  ),
);
