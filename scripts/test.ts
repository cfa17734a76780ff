/**
 * Runs the tests on every runtime that is installed with the project, one after the other.
 *
 * Usage: node scripts/test.ts [runtime...]
 */
import { spawnSync } from "node:child_process";

const vitest = "node_modules/vitest/vitest.mjs";

/** What runs vitest on a runtime. Bun's workers take the condition only from before the script. */
const commands: Readonly<Record<string, readonly string[]>> = {
  node24: ["node", vitest, "run"],
  deno: ["deno", "run", "-A", "npm:vitest", "run"],
  bun: ["bun", "--bun", "--conditions=@interlock/source", vitest, "run", "--pool=threads"],
};

const named = process.argv.slice(2);
const failed: string[] = [];
for (const runtime of named.length > 0 ? named : Object.keys(commands)) {
  const [program, ...args] = commands[runtime] ?? [];
  if (program === undefined) throw new RangeError(`Cannot test on ${runtime}: the runtimes are ${Object.keys(commands).join(", ")}`);
  const { status } = spawnSync(program, args, { stdio: "inherit", env: { ...process.env, INTERLOCK_RUNTIME: runtime } });
  if (status !== 0) failed.push(runtime);
}
if (failed.length > 0) {
  console.error(`Failed on ${failed.join(", ")}`);
  process.exit(1);
}
