/**
 * Runs the conformance tests on every runtime that has threads which may block, and writes the table of their results.
 *
 * Usage: node scripts/conformance.ts
 */
import { writeFileSync } from "node:fs";
import "./check-conformance.ts";
import { render } from "../conformance/render.ts";
import { rows } from "../conformance/rows.ts";
import { endWith, runEverywhere } from "./reports.ts";

const resultsOf = runEverywhere("/test/conformance/", "conformance");
const results = rows.map(({ test, ...row }) => ({ ...row, results: test === undefined ? {} : resultsOf(test) }));

writeFileSync("conformance/conformance.json", `${JSON.stringify({ rows: results }, null, 2)}\n`);
writeFileSync("conformance/README.md", render(results));

endWith(
  results.flatMap(({ class: name, row, results }) =>
    Object.entries(results).flatMap(([runtime, status]) => (status === "passed" ? [] : [`${name}.${row} on ${runtime}: ${status}`])),
  ),
);
