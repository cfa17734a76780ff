/**
 * Runs the fault matrix and the deadlock cases on every runtime that has threads and processes, and writes the table of their
 * results.
 *
 * Usage: node --conditions=@interlock/source scripts/faults.ts [runtime...], of which the others' last results are kept
 */
import { writeFileSync } from "node:fs";
import { renderFaults } from "../conformance/render-faults.ts";
import { deadlockCases, deadlockTitle } from "../packages/pool/test/faults/deadlocks.ts";
import { BACKENDS, cellsOf, titleOf } from "../packages/pool/test/faults/matrix.ts";
import { endWith, runEverywhere } from "./reports.ts";

const resultsOf = runEverywhere("/test/faults/", "faults", process.argv.slice(2));

const faults = BACKENDS.flatMap(cellsOf).map((cell) => {
  const { backend, fault, state, fate, impossible, reason = impossible?.reason } = cell;
  const results = fate === undefined ? {} : resultsOf(titleOf(cell));
  // A test that was left out on purpose, and no other.
  const told = Object.entries(results).map(([runtime, status]) => [runtime, impossible?.on.includes(runtime) ? "impossible" : status]);
  return { backend, fault, state, fate, reason, results: Object.fromEntries(told) };
});
const deadlocks = BACKENDS.flatMap((backend) =>
  deadlockCases(backend).map((one) => ({ backend, row: one.row, how: one.how, results: resultsOf(deadlockTitle(backend, one)) })),
);

writeFileSync("conformance/faults.json", `${JSON.stringify({ faults, deadlocks }, null, 2)}\n`);
writeFileSync("conformance/faults.md", renderFaults(faults, deadlocks));

const named = [...faults.map((one) => ({ ...one, name: `${one.fault} ${one.state}` })), ...deadlocks.map((one) => ({ ...one, name: one.row }))];
endWith(
  named.flatMap(({ backend, name, results }) =>
    Object.entries(results).flatMap(([runtime, status]) =>
      status === "passed" || status === "impossible" ? [] : [`${backend}: ${name} on ${runtime}: ${status}`],
    ),
  ),
);
