/**
 * Runs the snippets of the site on this runtime and compares what they print with what is recorded beside them.
 *
 * `name.out` holds the exact lines. Where lines vary, `name.match` holds a regular expression for each, and `name.out` one
 * output of many, for readers.
 *
 * Usage: node apps/docs/scripts/snippets.ts [--record] [name...]
 *
 * `--record` writes what differs. A name is a path in src/snippets, or the beginning of one.
 */
import { execFile } from "node:child_process";
import { existsSync, globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { eachAtOnce } from "../../../scripts/at-once.ts";
import { cached } from "../../../scripts/suites.ts";
import { type Expected, expectedOf, mismatch, SNIPPETS } from "./expected.ts";

const { values, positionals } = parseArgs({
  options: { record: { type: "boolean", default: false } },
  allowPositionals: true,
});
const run = promisify(execFile);
const files = globSync("**/*.ts", { cwd: SNIPPETS }).sort();
const failures: string[] = [];
let ran = 0;

await eachAtOnce(files, async (file) => {
  const name = file.replaceAll("\\", "/").replace(/(?:\.server)?\.ts$/, "");
  if (positionals.length > 0 && !positionals.some((wanted) => name.startsWith(wanted))) return;
  ran++;
  const expected = expectedOf(name);
  const failure = await judge(name, file, expected);
  if (failure !== undefined) failures.push(`${name}: ${failure}`);
});
for (const failure of failures) console.error(failure);
console.log(`${ran} snippets ran, ${failures.length} failed`);
if (failures.length > 0 || ran === 0) process.exitCode = 1;

/** Runs a snippet; returns what is wrong with its output. */
async function judge(name: string, file: string, expected: Expected): Promise<string | undefined> {
  let printed: string;
  try {
    const args = ["--conditions=@interlock/source", join(SNIPPETS, file)];
    ({ stdout: printed } = await run(process.execPath, args, { timeout: 60_000, env: { ...process.env, ...cached, NO_COLOR: "1" } }));
  } catch (error) {
    const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
    return `ended with ${String(code)}\n${stderr}`;
  }
  const wrong = mismatch(printed, expected);
  const sampled = existsSync(join(SNIPPETS, `${name}.out`));
  if (values.record && (!sampled || (wrong !== undefined && expected.match === undefined))) {
    writeFileSync(join(SNIPPETS, `${name}.out`), printed);
    console.log(`recorded ${name}`);
    return expected.match === undefined ? undefined : wrong;
  }
  return wrong;
}
