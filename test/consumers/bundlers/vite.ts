import { join } from "node:path";
import { build, createLogger } from "vite";
import { type Build, pages } from "./build.ts";

export const vite: Build = async (folder, outDir) => {
  const warnings: string[] = [];
  const customLogger = createLogger("warn");
  customLogger.warn = (message) => void warnings.push(message);
  await build({
    root: folder,
    customLogger,
    logLevel: "warn",
    build: { outDir, rolldownOptions: { input: pages.map((page) => join(folder, `${page}.html`)) } },
  });
  return warnings;
};
