/** Bundles what snippets import in a page into public/lib: the packages, from their sources, and what runs a program. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const app = join(import.meta.dirname, "..");
const packages = join(app, "../../packages");

export async function buildLib(): Promise<void> {
  const outdir = join(app, "public/lib");
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: {
      core: join(packages, "core/src/index.ts"),
      pool: join(packages, "pool/src/index.ts"),
      // What a pool starts its threads with: beside the rest, where the package looks for it.
      child: join(packages, "pool/src/entry/child.ts"),
      main: join(app, "src/runner/main.ts"),
      console: join(app, "src/runner/console.ts"),
    },
    outdir,
    // One core, whoever imports it.
    splitting: true,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    conditions: ["@interlock/source"],
    chunkNames: "shared-[hash]",
    minify: true,
    // A task that a reader defines should be called in traces as it is in the program.
    keepNames: true,
    logLevel: "warning",
  });
}
