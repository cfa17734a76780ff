import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { pages } from "./build.ts";

/** Puts the HTML beside the programs, for bundlers that take no page as their entry. */
export function copyPages(folder: string, outDir: string): void {
  for (const page of pages) copyFileSync(join(folder, `${page}.html`), join(folder, outDir, `${page}.html`));
}
