/**
 * Writes the jsr.json of each package after its package.json, so that both registries get the same version and exports.
 *
 * Usage: node scripts/sync-jsr.ts [--check]
 *
 * With `--check` it writes nothing, and fails if a file is not as it would be written.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, modulesOf, published } from "./packages.ts";

/** JSR gets the sources: where npm has several conditions, it has one file. */
function jsrOf({ name, version, license, imports = {}, dependencies = {}, ...manifest }: Manifest): object {
  const registryOf = (dependency: string): string => (dependency.startsWith("@interlock/") ? "jsr" : "npm");
  return {
    name,
    version,
    license,
    exports: Object.fromEntries(modulesOf({ name, version, license, ...manifest }).map(([path, target]) => [path, target["@interlock/source"]])),
    imports: {
      ...Object.fromEntries(Object.entries(imports).map(([specifier, target]) => [specifier, target["@interlock/source"]])),
      ...Object.fromEntries(Object.entries(dependencies).map(([other, range]) => [other, `${registryOf(other)}:${other}@${range}`])),
    },
    publish: { include: ["src", "README.md", "LICENSE", "jsr.json"] },
  };
}

const check = process.argv.includes("--check");
let different = 0;
for (const { folder, manifest } of published()) {
  const file = join(folder, "jsr.json");
  const text = `${JSON.stringify(jsrOf(manifest), null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
  if (check) {
    different++;
    console.error(`${file} does not agree with package.json: run node scripts/sync-jsr.ts`);
  } else writeFileSync(file, text);
}
if (different > 0) process.exit(1);
console.log(`jsr.json: ${published().length} packages agree with package.json`);
