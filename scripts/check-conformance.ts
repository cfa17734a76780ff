/**
 * Fails if a row of the conformance registry has no test, or a conformance test no row. Runs no test.
 *
 * Usage: node scripts/check-conformance.ts
 */
import { globSync, readFileSync } from "node:fs";
import { rows } from "../conformance/rows.ts";

const written = new Map<string, string[]>();
for (const file of globSync("packages/*/test/conformance/**/*.test.ts").sort()) {
  for (const [, title] of readFileSync(file, "utf8").matchAll(/"(\w+\.test_\w+)"/g)) {
    written.set(title as string, [...(written.get(title as string) ?? []), file]);
  }
}
const expected = new Set(rows.map(({ test }) => test));
const wrong: string[] = [];
for (const { class: name, row, test } of rows) {
  if (test !== undefined && !written.has(test))
    wrong.push(`conformance/rows.ts: ${name}.${row} has no test of the name "${test}" in packages/*/test/conformance`);
}
for (const [title, files] of written) {
  if (!expected.has(title)) wrong.push(`${files[0]}: "${title}" has no row in conformance/rows.ts that asks for it`);
  if (files.length > 1) wrong.push(`${files.join(", ")}: "${title}" must be the name of one test: found ${files.length}`);
}
for (const line of wrong) console.error(line);
if (wrong.length > 0) process.exit(1);
console.log(`Conformance: ${rows.length} rows, ${written.size} tests`);
