import { type Browser, chromium, firefox } from "playwright";
import { createServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ISOLATION, launchOptions, type PlaywrightBrowser } from "../../scripts/browsers.ts";
import type { Build } from "./bundlers/build.ts";
import { esbuild } from "./bundlers/esbuild.ts";
import { rollup } from "./bundlers/rollup.ts";
import { vite } from "./bundlers/vite.ts";
import { webpack } from "./bundlers/webpack.ts";
import { makeProject } from "./project.ts";

const browserName = (process.env["INTERLOCK_BROWSER"] ?? "chromium") as PlaywrightBrowser;
const builds: readonly [string, Build][] = Object.entries({ vite, webpack, esbuild, rollup });

/** What the page `shared` ends with. */
const SHARED = { threads: 20_000, squares: [1, 4, 9], pool: 20_000 };

/** What the page `messages` ends with where it is not cross-origin isolated. */
const MESSAGES = {
  shared: "undefined",
  squares: [1, 4, 9],
  bytes: [3, 2, 1],
  error: "RangeError: not this one",
  lock:
    "TypeError: Cannot share memory as the page is not cross-origin isolated: serve it and its workers with " +
    "Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp",
  result: 16,
  exitCodes: [0, -15],
};

let folder: string;
let browser: Browser;

// biome-ignore lint/correctness/noEmptyPattern: Vitest reads what is taken from the context.
beforeAll(async ({}, file) => {
  folder = makeProject("page");
  browser = await { chromium, firefox }[browserName].launch(launchOptions(browserName));
  // What is tested is the browser, not who opens it.
  file.meta.runtime = { name: browserName, version: browser.version() };
}, 60_000);

afterAll(async () => {
  await browser?.close();
});

/** Opens a page and returns what it ended with; throws what it threw, anywhere. */
async function open(url: string): Promise<unknown> {
  const page = await browser.newPage();
  const errors: unknown[] = [];
  page.on("pageerror", (error) => errors.push(error));
  try {
    await page.goto(url);
    // Looked up and returned in one step: a page may yet be reloaded.
    const found = await page.waitForFunction(() => document.title.match(/^(?:done|failed) .*/)?.[0], undefined, { timeout: 20_000 });
    expect(errors).toEqual([]);
    const title = String(await found.jsonValue());
    if (!title.startsWith("done ")) throw new Error(title);
    return JSON.parse(title.slice("done ".length));
  } finally {
    await page.close();
  }
}

/** Serves a folder of built files and returns what a page in it ended with. */
async function openBuilt(outDir: string, page: string, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const server = await preview({ root: folder, logLevel: "silent", build: { outDir }, preview: { port: 0, headers } });
  try {
    return await open(`${server.resolvedUrls?.local[0]}${page}.html`);
  } finally {
    await server.close();
  }
}

describe.each(builds)("a page from the packed packages, built with %s", (name, build) => {
  const outDir = `dist-${name}`;

  it("is built without a warning", async () => {
    expect(await build(folder, outDir)).toEqual([]);
  });

  it("shares memory between its threads", async () => {
    expect(await openBuilt(outDir, "shared", ISOLATION)).toEqual(SHARED);
  });

  it("runs tasks by messages alone where it is not cross-origin isolated, and says what locks need", async () => {
    expect(await openBuilt(outDir, "messages", {})).toEqual(MESSAGES);
  });
});

it("a page from the packed packages runs on Vite's development server", async () => {
  const server = await createServer({
    root: folder,
    logLevel: "silent",
    // It does not look for dependencies in workers, and what it comes across later makes it drop what it has served.
    optimizeDeps: { include: ["@interlock/pool/worker"] },
    server: { port: 0, headers: ISOLATION },
  });
  try {
    await server.listen();
    expect(await open(`${server.resolvedUrls?.local[0]}shared.html`)).toEqual(SHARED);
  } finally {
    await server.close();
  }
});
