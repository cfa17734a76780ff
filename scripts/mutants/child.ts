/**
 * Runs the tests of files with one source edited, up to the first that fails. Says on its output what it is at, and that it lives.
 *
 * Usage: node --conditions=@interlock/source child.ts '{"file", "start", "end", "replacement"}' test...
 */
import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import type { Mutant } from "./edits.ts";
import { sourceOf } from "./targets.ts";
import { tests } from "./vitest.ts";

const [json, ...files] = process.argv.slice(2);
const mutant = JSON.parse(json ?? "null") as Mutant | null;
const mutated = mutant === null ? undefined : pathToFileURL(sourceOf(mutant.file)).href;

registerHooks({
  resolve: (specifier, context, next) => (specifier === "vitest" ? next(new URL("vitest.ts", import.meta.url).href, context) : next(specifier, context)),
  load(url, context, next) {
    if (mutant === null || url !== mutated) return next(url, context);
    const source = readFileSync(sourceOf(mutant.file), "utf8");
    return { format: "module-typescript", source: source.slice(0, mutant.start) + mutant.replacement + source.slice(mutant.end), shortCircuit: true };
  },
});

// An exploration lets timers have their turn now and then; a loop without any operation does not.
setInterval(() => console.log("."), 1000).unref();

for (const file of files) {
  console.log(file);
  await import(pathToFileURL(file).href);
  for (const { name, run } of tests.splice(0)) {
    console.log(name);
    await run();
  }
}
