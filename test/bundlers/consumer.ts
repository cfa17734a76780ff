import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** A project of somebody else's: the page's sources as JavaScript, and the packages as npm would unpack them. */
export function makeConsumer(): { readonly folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "interlock-consumer-"));
  const page = join(import.meta.dirname, "page");
  for (const file of readdirSync(page)) {
    if (file.endsWith(".ts")) writeFileSync(join(folder, file.replace(".ts", ".js")), stripTypeScriptTypes(readFileSync(join(page, file), "utf8")));
    else cpSync(join(page, file), join(folder, file));
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  for (const name of ["core", "pool"]) install(name, folder);
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

/** Packs a package and unpacks it in the consumer: what is not published is not there. */
function install(name: string, folder: string): void {
  const scope = join(folder, "node_modules/@interlock");
  mkdirSync(scope, { recursive: true });
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder, "-w", `@interlock/${name}`], { cwd: root, encoding: "utf8" });
  execFileSync("tar", ["-xzf", join(folder, packed.trim()), "-C", scope]);
  renameSync(join(scope, "package"), join(scope, name));
}
