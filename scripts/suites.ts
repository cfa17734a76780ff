/** How the tests run on each runtime. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { BrowserName, PlaywrightBrowser } from "./browsers.ts";

const vitest = "node_modules/vitest/vitest.mjs";
/** A version of Node, by the platform's package, which is nothing but the binary. */
export function nodeOf(version: string): readonly string[] {
  const platform = process.platform === "win32" ? "win" : process.platform;
  return ["npx", "--yes", "-p", `node-${platform}-${process.arch}@${version}`, "node"];
}

/** The versions of Node that are tested besides the one in `package.json`. */
export const NODE_22 = "22.23.3";
export const NODE_26 = "26.10.0";

const server = ["run", "--project", "server"];

/** Keeps sources without their types for all processes that the tests start: each takes a third of the time to start. */
export const cached: Readonly<Record<string, string>> = { NODE_COMPILE_CACHE: fileURLToPath(new URL("../node_modules/.cache/compiled", import.meta.url)) };

/** Explorations run the same code everywhere, in an order that is the same everywhere: Node 24 looks at more of them. */
const brief = { INTERLOCK_EXPLORE: "brief" };

/** What takes minutes, and asks of another version of Node nothing that it does not ask of 24. */
const answered = ["**/test/explore/**", "**/test/conformance/**", "**/test/faults/**", "**/*stress.test.ts", "packages/explore/test/**"].flatMap((pattern) => [
  "--exclude",
  pattern,
]);

export interface Suite {
  readonly command: readonly string[];
  /** The files that are left out, unless all is asked for. */
  readonly without?: readonly string[];
  /** The runtime that the tests must find themselves on. */
  readonly runtime?: string;
  /** The browser that it needs. */
  readonly browser?: BrowserName;
  readonly env?: Readonly<Record<string, string>>;
}

/** Pages of the documentation, opened in a browser. */
const docs = (browser: BrowserName, ...more: readonly string[]): Suite => ({
  command: ["node", vitest, "run", "--project", "docs", ...more],
  runtime: "node24",
  browser,
  env: { INTERLOCK_BROWSER: browser },
});

/** Programs and pages that have the packages as they are published, one after the other: each needs all of a small machine. */
const consumers = (browser: PlaywrightBrowser, ...more: readonly string[]): Suite => ({
  command: [
    ...["node", vitest, "run", "--project", "consumers", "--no-file-parallelism"],
    ...["dot", "./scripts/tally.ts", "./scripts/lane-reporter.ts", "./test/consumers/table.ts"].map((reporter) => `--reporter=${reporter}`),
    ...more,
  ],
  runtime: "node24",
  browser,
  env: { INTERLOCK_BROWSER: browser },
});

export const suites: Readonly<Record<string, Suite>> = {
  node24: { command: ["node", vitest, ...server, "--project", "scripts"], env: cached },
  // Whatever certificates npm trusts, npx under this Node must too.
  node22: {
    command: [...nodeOf(NODE_22), vitest, ...server],
    without: answered,
    env: { ...cached, NODE_USE_SYSTEM_CA: "1" },
  },
  // Deno's processes inherit no flag.
  deno: { command: ["deno", "run", "-A", "npm:vitest", ...server], env: { ...brief, DENO_CONDITIONS: "@interlock/source" } },
  // Workers take the condition only from before the script.
  bun: { command: ["bun", "--bun", "--conditions=@interlock/source", vitest, ...server, "--pool=threads"], env: brief },
  node26: {
    command: [...nodeOf(NODE_26), vitest, ...server],
    without: answered,
    env: { ...cached, NODE_USE_SYSTEM_CA: "1" },
  },
  chromium: { command: ["node", vitest, "run", "--project", "chromium"], browser: "chromium" },
  firefox: { command: ["node", vitest, "run", "--project", "firefox"], browser: "firefox" },
  webkit: { command: ["node", vitest, "run", "--project", "webkit"], browser: "webkit" },
  consumers: consumers("chromium"),
  "consumers-firefox": consumers("firefox", "pages"),
  docs: docs("chromium"),
  "docs-firefox": docs("firefox"),
  // Nothing there drives pages of several kinds as Playwright does.
  "docs-webkit": docs("webkit", "snippets"),
};

/** How a suite is run. */
export interface RunOptions {
  /** Further arguments for vitest. */
  readonly more?: readonly string[];
  /** Whether it leaves nothing out. */
  readonly whole?: boolean;
}

/** More than any suite takes. A runner that does not end must not keep the others from running. */
const MOST_MINUTES = 40;

/** Runs a suite; returns whether all tests passed. */
export function runSuite(name: string, suite: Suite, { more = [], whole = false }: RunOptions = {}): boolean {
  const [program, ...args] = suite.command as [string, ...string[]];
  // Vitest's own --exclude does not reach the projects of a configuration.
  const without = whole ? [] : (suite.without ?? []);
  const { status, error } = spawnSync(program, [...args, ...more], {
    stdio: "inherit",
    // There, what npm installs is started by scripts.
    shell: process.platform === "win32",
    env: { ...process.env, ...suite.env, INTERLOCK_RUNTIME: suite.runtime ?? name, INTERLOCK_SUITE: name, INTERLOCK_EXCLUDE: without.join(" ") },
    timeout: MOST_MINUTES * 60_000,
    killSignal: "SIGKILL",
  });
  if ((error as { code?: unknown } | undefined)?.code === "ETIMEDOUT") console.error(`\n${name}: killed, as it had not ended after ${MOST_MINUTES} minutes`);
  return error === undefined && status === 0;
}
