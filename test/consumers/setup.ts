import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { published } from "../../scripts/packages.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder whose `node_modules` have the packed packages, and in which consumers are made. */
    readonly consumers: string;
  }
}

/** Packs what is published, once, and installs it as npm would from the registry: what is not in the package is not there. */
export default function setup(project: TestProject): () => void {
  execFileSync("npx", ["turbo", "run", "build", "--filter=./packages/*"], { stdio: "ignore" });
  const folder = mkdtempSync(join(tmpdir(), "interlock-consumers-"));
  const pack = published().flatMap(({ manifest }) => ["-w", manifest.name]);
  const packed = execFileSync("npm", ["pack", "--silent", "--pack-destination", folder, ...pack], { encoding: "utf8" });
  const tarballs = packed
    .trim()
    .split("\n")
    .map((file) => `./${file}`);
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "consumers", private: true }));
  // Node before 26 needs koffi to share memory between processes. Whatever npm has in its cache it need not ask for.
  execFileSync("npm", ["install", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...tarballs, "koffi@3.3.4"], {
    cwd: folder,
    // Whatever certificates the system's npm trusts, this Node's must too.
    env: { ...process.env, NODE_USE_SYSTEM_CA: "1" },
  });
  project.provide("consumers", folder);
  return () => rmSync(folder, { recursive: true });
}
