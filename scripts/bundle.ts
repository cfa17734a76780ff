/**
 * Bundles a package for servers: each entry point becomes one file, and what several of them share another. A thread that
 * imports a hundred small modules takes some 5 MB and 20 ms more than one that imports the same code in three files.
 * Bundlers of pages get the modules as they are: they leave out more of those.
 *
 * Usage: node scripts/bundle.ts <entry...>, in the folder of a package that is built
 */
import { rmSync } from "node:fs";
import { build } from "esbuild";

const outdir = "dist/bundled";
rmSync(outdir, { recursive: true, force: true });
await build({
  entryPoints: process.argv.slice(2),
  outdir,
  entryNames: "[name]",
  chunkNames: "shared-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "neutral",
  target: "es2022",
  packages: "external",
  conditions: ["node"],
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: true,
});
