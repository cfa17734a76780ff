import { join } from "node:path";
import { build } from "esbuild";
import { type Build, pages } from "./build.ts";
import { copyPages } from "./copy-pages.ts";

// esbuild leaves `new Worker(new URL(...))` alone: the worker is an entry point of its own, which keeps its name.
export const esbuild: Build = async (folder, outDir) => {
  const { warnings } = await build({
    absWorkingDir: folder,
    entryPoints: [...pages, "worker"].map((name) => `./${name}.js`),
    outdir: join(folder, outDir),
    bundle: true,
    format: "esm",
    minify: true,
    logLevel: "silent",
  });
  copyPages(folder, outDir);
  return warnings.map(({ text }) => text);
};
