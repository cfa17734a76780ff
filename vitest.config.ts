import { defineConfig } from "vitest/config";

// Sources run unbuilt: the condition must reach vite, the test's own thread or process, and the workers it starts.
const conditions = ["@interlock/source"];

export default defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    include: ["packages/*/test/**/*.test.ts"],
    execArgv: ["--conditions=@interlock/source"],
    setupFiles: ["./scripts/check-runtime.ts"],
    // A lost wake-up must fail, not hang.
    testTimeout: 20_000,
    reporters: ["dot", "./scripts/tally.ts"],
  },
});
