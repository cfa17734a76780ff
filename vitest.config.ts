import { availableParallelism } from "node:os";
import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { type BrowserName, browsers, ISOLATION, launchOptions } from "./scripts/browsers.ts";
import { webkit } from "./scripts/webkit-provider.ts";

// Sources run unbuilt: the condition must reach vite, the test's own thread or process, and the workers it starts.
const conditions = ["@interlock/source"];

// Node strips types by WebAssembly. Where many workers do so at once under load, V8 now and then frees a wrapper of it that
// another thread uses, and the process ends with SIGTRAP ("Check failed: jit_page.has_value()") or SIGSEGV. Wrappers that
// are never replaced are never freed. What the package ships needs no stripping.
const isNode = process.versions["deno"] === undefined && process.versions["bun"] === undefined;
const stableWrappers = isNode ? ["--wasm-wrapper-tiering-budget=1000000000"] : [];

// On other systems, that package has an error and nothing else.
const elsewhere = process.platform === "linux" ? [] : ["packages/shm/test/**/!(elsewhere).test.ts"];

export default defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    setupFiles: ["./scripts/check-runtime.ts"],
    env: { INTERLOCK_RUNTIME: process.env["INTERLOCK_RUNTIME"] ?? "" },
    // A lost wake-up must fail, not hang. Whatever takes its time on a slow machine, such as starts, does not: tests bound their waits themselves.
    testTimeout: 120_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 5000 } },
    // Most tests wait for something: with as many at a time as there are cores, and not one fewer, small machines take half as long.
    maxWorkers: availableParallelism(),
    reporters: ["dot", "./scripts/tally.ts", "./scripts/lane-reporter.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "server",
          include: ["packages/*/test/**/*.test.ts"],
          exclude: ["**/*.web.test.ts", ...elsewhere, ...(process.env["INTERLOCK_EXCLUDE"] ?? "").split(" ").filter((pattern) => pattern !== "")],
          execArgv: ["--conditions=@interlock/source", ...stableWrappers],
        },
      },
      ...(Object.keys(browsers) as BrowserName[]).map((browser) => ({
        extends: true as const,
        server: { headers: ISOLATION },
        test: {
          name: browser,
          include: ["packages/core/test/*.test.ts", "packages/*/test/**/*.web.test.ts"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: browser === "webkit" ? webkit() : playwright({ launchOptions: launchOptions(browser) }),
            instances: [{ browser, name: browser }],
          },
        },
      })),
      {
        extends: true,
        test: { name: "scripts", include: ["test/scripts/**/*.test.ts"] },
      },
      {
        extends: true,
        test: { name: "consumers", include: ["test/consumers/*.test.ts"], globalSetup: ["./test/consumers/setup.ts"], testTimeout: 120_000 },
      },
      {
        extends: true,
        // One browser and one server at a time: pages have ten workers each.
        test: { name: "docs", include: ["apps/docs/test/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 600_000, fileParallelism: false },
      },
    ],
  },
});
