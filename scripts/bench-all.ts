/**
 * Runs all benchmarks on Node, Deno and Bun, and records what they found in `bench/results`. What is given is passed on.
 *
 * Usage: node scripts/bench-all.ts [--rounds n | --quick] [case...], after a build
 */
import { spawnSync } from "node:child_process";

const OUT = ["--out", "bench/results"];
const runs = [
  ["node", "bench/run.ts"],
  ["deno", "run", "-A", "bench/run.ts"],
  ["bun", "bench/run.ts"],
] as const;

let failed = false;
for (const [program, ...args] of runs) {
  const { status } = spawnSync(program, [...args, ...OUT, ...process.argv.slice(2)], { stdio: "inherit" });
  failed ||= status !== 0;
}
process.exit(failed ? 1 : 0);
