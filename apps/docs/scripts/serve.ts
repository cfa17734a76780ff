/**
 * Serves the built site, with the headers that isolate its pages.
 *
 * Usage: node apps/docs/scripts/serve.ts [--port n], after a build; with the `DOCS_BASE` of the build, if it had one
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Plugin, type PreviewServer, preview } from "vite";
import { isolation } from "../config/isolation.ts";

/** The folder of the site. */
const app: string = join(import.meta.dirname, "..");

/** The folder of the built site. */
export const DIST: string = join(app, "dist");

/** @param port Any that is free if 0. */
export function serve(plugins: Plugin[], port: number = 0): Promise<PreviewServer> {
  const base = process.env["DOCS_BASE"] ?? "/";
  return preview({ configFile: false, root: app, base, appType: "mpa", logLevel: "silent", plugins, preview: { port } });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { port: { type: "string", default: "4321" } } });
  const { resolvedUrls } = await serve([isolation()], Number(values.port));
  console.log(`The site is at ${resolvedUrls?.local[0]}`);
}
