/**
 * Fails if the lanes that are promised, the suites that run them, the workflow and the packages do not agree.
 *
 * Usage: node scripts/check-lanes.ts
 */
import { globSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { compareJobs, type JobMatrix } from "./lane-jobs.ts";
import { lanes, NODE_BUILT, RUNNERS } from "./lanes.ts";
import { suites } from "./suites.ts";

const WORKFLOW = ".github/workflows/ci.yml";
const workflow = parse(readFileSync(WORKFLOW, "utf8")) as { jobs: { lane: { strategy: { matrix: JobMatrix } } } };
const wrong = compareJobs(workflow.jobs.lane.strategy.matrix, lanes, RUNNERS).map((problem) => `${WORKFLOW}: ${problem}`);

for (const { id, suite } of lanes) if (suite !== undefined && suites[suite] === undefined) wrong.push(`scripts/lanes.ts: ${id} has no suite in suites.ts`);
for (const suite of Object.keys(suites)) {
  if (!lanes.some((lane) => lane.suite === suite)) wrong.push(`scripts/lanes.ts: no lane has the suite ${suite}`);
}
for (const file of globSync("packages/*/package.json").sort()) {
  const { private: unpublished, engines } = JSON.parse(readFileSync(file, "utf8")) as { private?: boolean; engines?: { node?: string } };
  if (unpublished !== true && engines?.node !== `>=${NODE_BUILT}`) wrong.push(`${file}: engines.node must be >=${NODE_BUILT}: received ${engines?.node}`);
}

for (const line of wrong) console.error(line);
if (wrong.length > 0) process.exit(1);
console.log(`Lanes: ${lanes.length} are promised, and the workflow runs what can run`);
