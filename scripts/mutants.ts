/**
 * Edits the algorithms in one place, in every way that might be a mistake, and runs their explorations: they must notice.
 *
 * Usage: node scripts/mutants.ts [--jobs 2] [--verbose] [file...]
 *
 * A file is named as in the `src` of its package; all of them if none is. Fails if a mutant survives that survivors.ts does
 * not explain, or if an explanation there no longer applies.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { survivors as ofCore } from "../packages/core/test/explore/survivors.ts";
import { survivors as ofPool } from "../packages/pool/test/explore/survivors.ts";
import { mutantsOf } from "./mutants/edits.ts";
import { judge, report } from "./mutants/report.ts";
import { type Outcome, runMutants, runTests } from "./mutants/run.ts";
import { corpora, corpusOf, sourceOf, targets, testsOf } from "./mutants/targets.ts";

const survivors = [...ofCore, ...ofPool];

const { values, positionals } = parseArgs({
  options: { jobs: { type: "string", default: "2" }, verbose: { type: "boolean", default: false } },
  allowPositionals: true,
});
const files = positionals.length > 0 ? positionals : targets;
const tests = [...new Set(files.flatMap(testsOf))];

const healthy = await runTests(tests, null, "all");
if (healthy.killed) {
  console.error(`Cannot mutate as the explorations fail without an edit, in "${healthy.said}": run npm test node24`);
  process.exit(1);
}

function tell({ mutant, killed, timedOut, said, seconds }: Outcome): void {
  if (killed && !timedOut && !values.verbose) return;
  const outcome = timedOut ? "did not end" : killed ? `killed by "${said}"` : "SURVIVED";
  console.log(`${mutant.file}:${mutant.line}: ${mutant.edit}\n  ${outcome}, ${seconds.toFixed(1)} s`);
}

const jobs = Number(values.jobs);
if (!Number.isInteger(jobs) || jobs < 1) throw new RangeError(`Cannot run mutants as --jobs must be an integer >= 1: received ${values.jobs}`);
const outcomes: Outcome[] = [];
for (const file of files) {
  const ran = await runMutants(mutantsOf(file, readFileSync(sourceOf(file), "utf8")), jobs, tell);
  console.log(`${file}: ${ran.filter(({ killed }) => killed).length} of ${ran.length} killed`);
  outcomes.push(...ran);
}

for (const corpus of corpora) {
  const ran = outcomes.filter(({ mutant }) => corpusOf(mutant.file) === corpus);
  const path = `${corpus.tests}MUTANTS.md`;
  if (ran.length > 0) writeFileSync(path, report(Object.keys(corpus.files), ran, survivors, existsSync(path) ? readFileSync(path, "utf8") : ""));
}
const { unexplained, outdated } = judge(outcomes, survivors);
for (const { file, line, text, edit } of unexplained) console.error(`Survives, unexplained: ${file}:${line}: ${text}\n  ${edit}`);
for (const one of outdated) console.error(`Explained in survivors.ts, yet no survivor: ${one}`);
if (unexplained.length + outdated.length > 0) process.exit(1);
