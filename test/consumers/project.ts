import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { inject } from "vitest";

const projects = join(import.meta.dirname, "projects");

export interface ProjectOptions {
  /** Whether its sources keep their types; else they become JavaScript. */
  readonly types?: boolean;
  /** Whether it is a way to have `projects/program`, which several consumers are. */
  readonly program?: boolean;
}

/** Copies a consumer to where the packages are installed. Returns its folder. */
export function makeProject(name: string, { types = false, program = false }: ProjectOptions = {}): string {
  const to = join(inject("consumers"), name);
  mkdirSync(to, { recursive: true });
  for (const from of program ? ["program", name] : [name]) {
    for (const file of readdirSync(join(projects, from))) copy(join(projects, from, file), join(to, file), types);
  }
  return to;
}

function copy(from: string, to: string, types: boolean): void {
  if (types || !/\.c?ts$/.test(from)) cpSync(from, to);
  else writeFileSync(to.replace(/ts$/, "js"), stripTypeScriptTypes(readFileSync(from, "utf8")).replaceAll('.ts"', '.js"'));
}
