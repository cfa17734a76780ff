/** The browsers that tests run in: where they are, and how Playwright starts them. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { LaunchOptions } from "playwright";

/** A browser that Playwright drives as its makers publish it. */
export type PlaywrightBrowser = "chromium" | "firefox";

/** A browser that tests run in. */
export type BrowserName = PlaywrightBrowser | "webkit";

export interface BrowserInfo {
  /** What its executable may be called. */
  readonly executables: readonly string[];
  /** The environment variable that names one elsewhere. */
  readonly variable: string;
  /** How Debian's package is called. */
  readonly debian: string;
  /** How Playwright starts it, if it is Playwright that does. */
  readonly launchOptions?: LaunchOptions;
}

export const browsers: Readonly<Record<BrowserName, BrowserInfo>> = {
  chromium: {
    executables: ["chromium", "chromium-browser", "google-chrome"],
    variable: "INTERLOCK_CHROMIUM",
    debian: "chromium",
    launchOptions: {
      // A browser in a container has no sandbox, and tests need nothing from the network.
      args: [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-domain-reliability",
        "--no-first-run",
        "--no-pings",
      ],
    },
  },
  firefox: {
    executables: ["firefox-esr", "firefox"],
    variable: "INTERLOCK_FIREFOX",
    debian: "firefox-esr",
    // Drives a Firefox as it is published, over WebDriver BiDi; without the channel, Playwright wants its own build.
    launchOptions: { channel: "moz-firefox" },
  },
  // WebKitGTK, by its own driver.
  webkit: { executables: ["WebKitWebDriver"], variable: "INTERLOCK_WEBKIT_DRIVER", debian: "webkit2gtk-driver xvfb" },
};

/** The path of an installed browser; undefined if there is none. */
export function findBrowser(name: BrowserName): string | undefined {
  const { executables, variable } = browsers[name];
  const named = process.env[variable];
  if (named !== undefined) return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.flatMap((folder) => executables.map((executable) => join(folder, executable))).find(isExecutable);
}

/** How Playwright starts a browser. */
export function launchOptions(name: BrowserName): LaunchOptions {
  const executablePath = findBrowser(name);
  return { ...browsers[name].launchOptions, ...(executablePath === undefined ? {} : { executablePath }) };
}

/** What makes a page cross-origin isolated, so that it has `SharedArrayBuffer`. */
export const ISOLATION: Readonly<Record<string, string>> = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "cross-origin",
};

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
