/** What npm would publish of a package, and what is wrong with it. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { modulesOf, type Package, type Target } from "./packages.ts";

export interface Tarball {
  /** Compressed and unpacked, in bytes. */
  readonly size: number;
  readonly unpackedSize: number;
  /** Paths within the package. */
  readonly files: ReadonlySet<string>;
}

/** Only these may be in a package: the build, the sources that its maps lead to, and what npm shows. */
const ALLOWED = [/^dist\/.*\.(?:js|d\.ts)(?:\.map)?$/, /^src\/.*\.ts$/, /^(?:package\.json|README\.md|LICENSE|CHANGELOG\.md)$/];
const REQUIRED = ["package.json", "README.md", "LICENSE"];

/** What is in the package; packs nothing. */
export function tarballOf({ folder }: Package): Tarball {
  const output = execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  type Packed = Omit<Tarball, "files"> & { readonly files: readonly { readonly path: string }[] };
  // Some versions of npm list packages, others name them.
  const [{ size, unpackedSize, files }] = Object.values(JSON.parse(output)) as [Packed];
  return { size, unpackedSize, files: new Set(files.map(({ path }) => path)) };
}

/** One sentence for each fault. */
export function faultsOf({ folder, manifest }: Package, { files }: Tarball): string[] {
  const read = (path: string): string => readFileSync(join(folder, path), "utf8");
  const all = [...files];
  return [
    ...REQUIRED.filter((path) => !files.has(path)).map((path) => `${path} is missing`),
    ...all.filter((path) => !ALLOWED.some((allowed) => allowed.test(path)) || /\.test\./.test(path)).map((path) => `${path} should not be published`),
    ...(read("LICENSE") === readFileSync("LICENSE", "utf8") ? [] : ["LICENSE differs from the project's"]),
    ...[...modulesOf(manifest), ...Object.entries(manifest.imports ?? {})].flatMap(([name, target]) => missingTargets(name, target, files)),
    ...all
      .filter((path) => path.endsWith(".js") || path.endsWith(".d.ts"))
      .flatMap((path) => (path.startsWith("dist/") ? lostMap(path, read(path), files) : [])),
    ...all.filter((path) => path.endsWith(".map")).flatMap((path) => lostSources(path, read(path), files)),
  ];
}

const missingTargets = (name: string, target: Target, files: ReadonlySet<string>): string[] =>
  Object.entries(target)
    .filter(([, path]) => !files.has(normalize(path)))
    .map(([condition, path]) => `"${name}" leads to ${path} for "${condition}", which is missing`);

/** A file whose map is missing. */
function lostMap(path: string, text: string, files: ReadonlySet<string>): string[] {
  const map = /^\/\/# sourceMappingURL=(.*)$/m.exec(text)?.[1];
  if (map === undefined) return [`${path} names no map`];
  return files.has(join(dirname(path), map)) ? [] : [`${path} names ${map} as its map, which is missing`];
}

/** A map whose sources are missing: it leads nowhere, or is of a module that there is no more. */
function lostSources(path: string, text: string, files: ReadonlySet<string>): string[] {
  const { sources, sourceRoot = "" } = JSON.parse(text) as { readonly sources: readonly string[]; readonly sourceRoot?: string };
  const missing = sources.filter((source) => !files.has(join(dirname(path), sourceRoot, source)));
  return missing.map((source) => `${path} leads to ${source}, which is missing`);
}
