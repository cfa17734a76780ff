/** The built site, served and opened as a reader would. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type Browser, chromium, firefox, type Page } from "playwright";
import type { Plugin } from "vite";
import { afterAll, beforeAll, expect } from "vitest";
import { type BrowserName, launchOptions, type PlaywrightBrowser } from "../../../scripts/browsers.ts";
import { isolation } from "../config/isolation.ts";
import { serve } from "../scripts/serve.ts";

export const browserName: BrowserName = (process.env["INTERLOCK_BROWSER"] ?? "chromium") as BrowserName;

/** Builds the site if it is not. */
export function buildSite(): void {
  execFileSync("npx", ["turbo", "run", "build", "--filter=@interlock/docs"], {
    cwd: join(import.meta.dirname, "../../.."),
    stdio: ["ignore", "ignore", "inherit"],
  });
}

/** Serves the built site, with what plugins add. */
export async function serveSite(plugins: Plugin[]): Promise<{ readonly origin: string; close(): Promise<void> }> {
  const server = await serve(plugins);
  return { origin: server.resolvedUrls?.local[0] ?? "", close: () => server.close() };
}

export interface Site {
  /** Opens a page at a path; what it throws fails the test. */
  open(path: string, options?: { readonly theme?: "light" | "dark" }): Promise<Page>;
}

/**
 * Builds the site if it is not, and serves it for the tests of a file.
 *
 * @param isolated Whether the host sends the headers that isolate pages.
 * @param harmless What pages may throw.
 */
export function useSite(isolated: boolean = true, harmless?: RegExp): Site {
  let browser: Browser;
  let origin: string;
  let close: () => Promise<void>;
  const errors: string[] = [];

  beforeAll(async () => {
    buildSite();
    ({ origin, close } = await serveSite(isolated ? [isolation()] : []));
    browser = await { chromium, firefox }[browserName as PlaywrightBrowser].launch(launchOptions(browserName));
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
