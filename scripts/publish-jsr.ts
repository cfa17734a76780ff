/**
 * Publishes the packages to JSR, those that others depend on first. A version that is there already is left alone.
 *
 * Usage: node scripts/publish-jsr.ts
 *
 * It comes after npm, so that nothing that goes wrong here can hold up a release there.
 */
import { spawnSync } from "node:child_process";
import { published } from "./packages.ts";

for (const { folder, manifest } of published()) {
  console.log(`${manifest.name} ${manifest.version}`);
  const { status } = spawnSync("deno", ["publish"], { cwd: folder, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}
