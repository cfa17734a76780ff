/**
 * Runs the tests on every runtime, one after the other.
 *
 * Usage: node scripts/test.ts [runtime...]
 */
import { spawnSync } from "node:child_process";
import { findChromium } from "./chromium.ts";

const vitest = "node_modules/vitest/vitest.mjs";
const platform = process.platform === "win32" ? "win" : process.platform;
const server = ["run", "--project", "server"];

interface Suite {
  readonly command: readonly string[];
  /** The runtime that the tests must find themselves on. */
  readonly runtime?: string;
  readonly needsChromium?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

const suites: Readonly<Record<string, Suite>> = {
  node24: { command: ["node", vitest, ...server] },
  // A platform's package is nothing but the binary. Whatever certificates npm trusts, npx under this Node must too.
  node22: { command: ["npx", "--yes", "-p", `node-${platform}-${process.arch}@22.23.3`, "node", vitest, ...server], env: { NODE_USE_SYSTEM_CA: "1" } },
  // Deno's processes inherit no flag.
  deno: { command: ["deno", "run", "-A", "npm:vitest", ...server], env: { DENO_CONDITIONS: "@interlock/source" } },
  // Workers take the condition only from before the script.
  bun: { command: ["bun", "--bun", "--conditions=@interlock/source", vitest, ...server, "--pool=threads"] },
  chromium: { command: ["node", vitest, "run", "--project", "web"], needsChromium: true },
  bundlers: { command: ["node", vitest, "run", "--project", "bundlers"], runtime: "node24", needsChromium: true },
};

const named = process.argv.slice(2);
const failed: string[] = [];
for (const name of named.length > 0 ? named : Object.keys(suites)) {
  const suite = suites[name];
  if (suite === undefined) throw new RangeError(`Cannot test on ${name}: choose from ${Object.keys(suites).join(" ")}`);
  if (suite.needsChromium && findChromium() === undefined) {
    console.error(`\n${name}: no Chromium found, so these tests do not run; install it (Debian: apt-get install chromium) or set INTERLOCK_CHROMIUM`);
    // Where everything must hold, a test that cannot run has failed.
    if (named.length > 0 || process.env["CI"] !== undefined) failed.push(name);
    continue;
  }
  const [program, ...args] = suite.command as [string, ...string[]];
  const { status } = spawnSync(program, args, {
    stdio: "inherit",
    env: { ...process.env, ...suite.env, INTERLOCK_RUNTIME: suite.runtime ?? name, INTERLOCK_SUITE: name },
  });
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`Failed on ${failed.join(", ")}`);
  process.exit(1);
}
