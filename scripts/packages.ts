/** The packages that are published, as their package.json files describe them. */
import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

/** What an export or an import leads to: the sources, and what is built of them. */
export interface Target {
  readonly "@interlock/source": string;
  readonly types?: string;
  readonly node?: string;
  readonly default: string;
}

/** What is read of a package.json. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, Target | string>>;
  readonly imports?: Readonly<Record<string, Target>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface Package {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** All packages but the private ones, those that others depend on first. */
export function published(): Package[] {
  const all = globSync("packages/*/package.json").map((file) => ({ folder: dirname(file), manifest: JSON.parse(readFileSync(file, "utf8")) as Manifest }));
  const dependsOn = (a: Package, b: Package): boolean => b.manifest.name in (a.manifest.dependencies ?? {});
  return all
    .filter(({ manifest }) => manifest.private !== true)
    .sort((a, b) => Number(dependsOn(a, b)) - Number(dependsOn(b, a)) || a.folder.localeCompare(b.folder));
}

/** The modules that a package exports, by subpath: those that have a source. */
export const modulesOf = ({ exports }: Manifest): [string, Target][] =>
  Object.entries(exports).filter((entry): entry is [string, Target] => typeof entry[1] === "object");
