import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { inject } from "vitest";

/** Copies a consumer to where the packages are installed; as JavaScript, unless it keeps its types. Returns its folder. */
export function makeProject(name: string, { types = false } = {}): string {
  const from = join(import.meta.dirname, "projects", name);
  const to = join(inject("consumers"), name);
  mkdirSync(to, { recursive: true });
  for (const file of readdirSync(from)) {
    const isTyped = /\.c?ts$/.test(file);
    if (types || !isTyped) cpSync(join(from, file), join(to, file));
    else writeFileSync(join(to, file.replace("ts", "js")), stripTypeScriptTypes(readFileSync(join(from, file), "utf8")));
  }
  return to;
}
