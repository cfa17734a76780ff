/**
 * Bundles a package for servers: each entry point becomes one file, and what several of them share another. A thread that
 * imports a hundred small modules takes some 5 MB and 20 ms more than one that imports the same code in three files.
 * Bundlers of pages get the modules as they are: they leave out more of those.
 *
 * Usage: node scripts/bundle.ts <entry...> [--alone <entry>], in the folder of a package that is built
 *
 * An entry that comes after `--alone` shares no file: it repeats a little, and workers that do not use it do not pay for another module.
 */
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { type BuildOptions, build } from "esbuild";

const outdir = "dist/bundled";
const options: BuildOptions = {
  outdir,
  entryNames: "[name]",
  chunkNames: "shared-[hash]",
  bundle: true,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  packages: "external",
  conditions: ["node"],
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: true,
  // The sources are published, too.
  sourcesContent: false,
};

const { values, positionals } = parseArgs({ options: { alone: { type: "string", multiple: true, default: [] } }, allowPositionals: true });
rmSync(outdir, { recursive: true, force: true });
await build({ ...options, entryPoints: positionals, splitting: true });
for (const entry of values.alone) await build({ ...options, entryPoints: [entry] });
