import { join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup as bundle } from "rollup";
import { type Build, pages } from "./build.ts";
import { copyPages } from "./copy-pages.ts";

/**
 * What Rollup says of sound code: that it replaces the `this` in a helper of TypeScript's by `undefined`, which the helper
 * provides for, and that queues carry all core objects, queues among them, so that their modules import each other.
 */
const HARMLESS = [/task\.js.*The 'this' keyword is equivalent to 'undefined'/, /^Circular dependency: \S*attach\.js -> \S*queue\.js -> \S*attach\.js$/];

// Rollup leaves `new Worker(new URL(...))` alone: the worker is an entry point of its own, which keeps its name.
export const rollup: Build = async (folder, outDir) => {
  const warnings: string[] = [];
  const made = await bundle({
    input: [...pages, "worker"].map((name) => join(folder, `${name}.js`)),
    plugins: [nodeResolve()],
    onLog: (level, { message }) => {
      if (level === "warn" && !HARMLESS.some((known) => known.test(message))) warnings.push(message);
    },
  });
  await made.write({ dir: join(folder, outDir), format: "es" });
  await made.close();
  copyPages(folder, outDir);
  return warnings;
};
