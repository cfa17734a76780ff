import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { CHROMIUM_FLAGS, findChromium, ISOLATION } from "./scripts/chromium.ts";

// Sources run unbuilt: the condition must reach vite, the test's own thread or process, and the workers it starts.
const conditions = ["@interlock/source"];
const executablePath = findChromium();

export default defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    setupFiles: ["./scripts/check-runtime.ts"],
    env: { INTERLOCK_RUNTIME: process.env["INTERLOCK_RUNTIME"] ?? "" },
    // A lost wake-up must fail, not hang.
    testTimeout: 20_000,
    reporters: ["dot", "./scripts/tally.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "server",
          include: ["packages/*/test/**/*.test.ts"],
          exclude: ["**/*.web.test.ts"],
          execArgv: ["--conditions=@interlock/source"],
        },
      },
      {
        extends: true,
        server: { headers: ISOLATION },
        test: {
          name: "web",
          include: ["packages/core/test/*.test.ts", "packages/*/test/**/*.web.test.ts"],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { args: [...CHROMIUM_FLAGS], ...(executablePath === undefined ? {} : { executablePath }) },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      {
        extends: true,
        test: { name: "bundlers", include: ["test/bundlers/**/*.test.ts"], testTimeout: 120_000 },
      },
    ],
  },
});
