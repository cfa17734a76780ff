import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium } from "playwright";
import { build, createLogger, createServer, preview } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import webpack from "webpack";
import { CHROMIUM_FLAGS, findChromium, ISOLATION } from "../../scripts/chromium.ts";
import { makeConsumer } from "./consumer.ts";

const DONE = "done 1 4 9 20000";

let folder: string;
let remove: () => void;
let browser: Browser;

beforeAll(async () => {
  execFileSync("npx", ["turbo", "run", "build"], { stdio: "ignore" });
  ({ folder, remove } = makeConsumer());
  const executablePath = findChromium();
  browser = await chromium.launch({ args: [...CHROMIUM_FLAGS], ...(executablePath === undefined ? {} : { executablePath }) });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  remove?.();
});

/** Opens a page and returns its title once that tells how it went. */
async function titleOf(url: string): Promise<string> {
  const page = await browser.newPage();
  try {
    await page.goto(url);
    await page.waitForFunction(() => document.title !== "loading", undefined, { timeout: 20_000 });
    return await page.title();
  } finally {
    await page.close();
  }
}

/** Serves a folder of built files, isolated, and returns the title of the page in it. */
async function titleOfBuild(outDir: string): Promise<string> {
  const server = await preview({ root: folder, logLevel: "silent", build: { outDir }, preview: { port: 0, headers: ISOLATION } });
  try {
    return await titleOf(server.resolvedUrls?.local[0] as string);
  } finally {
    await server.close();
  }
}

describe("a page from the packed packages", () => {
  it("runs when built with Vite, without a warning", async () => {
    const warnings: string[] = [];
    const customLogger = createLogger("warn");
    customLogger.warn = (message) => void warnings.push(message);
    await build({ root: folder, customLogger, build: { outDir: "dist-vite", target: "es2022" }, worker: { format: "es" } });
    expect(warnings).toEqual([]);
    expect(await titleOfBuild("dist-vite")).toBe(DONE);
  });

  it("runs on Vite's development server", async () => {
    const server = await createServer({ root: folder, logLevel: "silent", server: { port: 0, headers: ISOLATION } });
    try {
      await server.listen();
      expect(await titleOf(server.resolvedUrls?.local[0] as string)).toBe(DONE);
    } finally {
      await server.close();
    }
  });

  it("runs when built with webpack, without a warning", async () => {
    const compiler = webpack({
      mode: "production",
      context: folder,
      entry: "./main.js",
      output: { path: join(folder, "dist-webpack"), filename: "main.js" },
      experiments: { outputModule: true },
    });
    const stats = await new Promise<webpack.Stats>((resolve, reject) => {
      compiler?.run((error, result) => (result === undefined ? reject(error) : resolve(result)));
    });
    expect(stats.toJson({ warnings: true, errors: true })).toMatchObject({ errors: [], warnings: [] });
    // webpack takes no page as its entry.
    cpSync(join(folder, "index.html"), join(folder, "dist-webpack/index.html"));
    expect(await titleOfBuild("dist-webpack")).toBe(DONE);
  });
});
