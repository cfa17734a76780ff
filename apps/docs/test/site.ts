/** The built site, served and opened as a reader would. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type Browser, chromium, firefox, type Page } from "playwright";
import { type Plugin, preview } from "vite";
import { afterAll, beforeAll, expect } from "vitest";
import { ISOLATION, launchOptions, type PlaywrightBrowser } from "../../../scripts/browsers.ts";

const app = join(import.meta.dirname, "..");

/** The folder of the built site. */
export const DIST: string = join(app, "dist");

export const browserName: PlaywrightBrowser = (process.env["INTERLOCK_BROWSER"] ?? "chromium") as PlaywrightBrowser;

/** Builds the site if it is not. */
export function buildSite(): void {
  execFileSync("npx", ["turbo", "run", "build", "--filter=@interlock/docs"], { cwd: join(app, "../.."), stdio: ["ignore", "ignore", "inherit"] });
}

/** Serves the built site: with these headers, and what plugins add. */
export async function serveSite(
  headers: Readonly<Record<string, string>>,
  plugins: Plugin[] = [],
): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const server = await preview({ configFile: false, root: app, appType: "mpa", logLevel: "silent", plugins, preview: { port: 0, headers: { ...headers } } });
  return { origin: server.resolvedUrls?.local[0] ?? "", close: () => server.close() };
}

export interface Site {
  /** Opens a page at a path; what it throws fails the test. */
  open(path: string, options?: { readonly theme?: "light" | "dark" }): Promise<Page>;
}

/**
 * Builds the site if it is not, and serves it for the tests of a file, with the headers given.
 *
 * @param harmless What pages may throw.
 */
export function useSite(headers: Readonly<Record<string, string>> = ISOLATION, harmless?: RegExp): Site {
  let browser: Browser;
  let origin: string;
  let close: () => Promise<void>;
  const errors: string[] = [];

  beforeAll(async () => {
    buildSite();
    ({ origin, close } = await serveSite(headers));
    browser = await { chromium, firefox }[browserName].launch(launchOptions(browserName));
  });
  afterAll(async () => {
    await browser?.close();
    await close?.();
    expect(errors).toEqual([]);
  });

  return {
    async open(path, { theme = "light" } = {}) {
      const page = await browser.newPage();
      // What a reader chose before: not every driver can tell a browser what its system prefers.
      await page.addInitScript((theme) => {
        // A page that is still blank has no storage.
        if (location.protocol === "http:") localStorage.setItem("starlight-theme", theme);
      }, theme);
      page.on("pageerror", (error) => {
        if (harmless?.test(error.message) !== true) errors.push(`${page.url()}: ${error.message}`);
      });
      await page.goto(new URL(path, origin).href);
      return page;
    },
  };
}
