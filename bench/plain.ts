/**
 * The benchmarks as plain JavaScript, for Node: there each thread that reads TypeScript loads a compiler of its own, 12 MB
 * and 10 ms, which would be taken for the cost of a worker. Deno and Bun read TypeScript without such a thing.
 *
 * @module
 */
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";

/** Writes every file of this folder without its types into `dist`, and returns that folder's URL. */
export function withoutTypes(): URL {
  const from = import.meta.dirname;
  const to = join(from, "dist");
  rmSync(to, { recursive: true, force: true });
  for (const file of globSync("{,cases/,pools/}*.ts", { cwd: from })) {
    const { outputText } = ts.transpileModule(readFileSync(join(from, file), "utf8"), { compilerOptions: { target: ts.ScriptTarget.ESNext } });
    const path = join(to, file.replace(".ts", ".js"));
    mkdirSync(dirname(path), { recursive: true });
    // Imports, worker files and the cases' names alike.
    writeFileSync(path, outputText.replaceAll(/\.ts(?=["`])/g, ".js"));
  }
  return new URL("dist/", import.meta.url);
}
