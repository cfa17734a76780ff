/**
 * Does all that publishing does, but for publishing: what is in the packages, whether npm's consumers and their compilers can
 * use them, whether JSR takes them, and whether their versions can be raised. Takes the build as it is.
 *
 * Usage: node scripts/publish-check.ts
 */
import { spawnSync } from "node:child_process";
import { published } from "./packages.ts";
import { faultsOf, tarballOf } from "./tarball.ts";

let failed = 0;

/** Runs a program, and shows what it said if it failed. */
function run(title: string, command: string, cwd = "."): void {
  const { status, stdout, stderr } = spawnSync(command, { cwd, shell: true, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  console.log(`${title}: ${status === 0 ? "passed" : "FAILED"}`);
  if (status === 0) return;
  failed++;
  console.error(`${stdout}${stderr}`);
}

/** Changesets compare with main: a branch without any that changes a package is missing one, unless it is the release itself. */
function checkChangesets(): void {
  const git = (command: string): boolean => spawnSync(`git ${command}`, { shell: true, stdio: "ignore" }).status === 0;
  if (!git("rev-parse --verify main")) console.log("changesets: not checked, as there is no branch main to compare with");
  else if (!git("diff --quiet main -- packages/*/CHANGELOG.md")) console.log("changesets: not checked, as this is a release");
  else run("changesets", "changeset status");
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;

for (const one of published()) {
  const { name, version } = one.manifest;
  const tarball = tarballOf(one);
  console.log(`${name} ${version}: ${tarball.files.size} files, ${kilobytes(tarball.size)} packed, ${kilobytes(tarball.unpackedSize)} unpacked`);
  for (const fault of faultsOf(one, tarball)) {
    failed++;
    console.error(`${name}: ${fault}`);
  }
  run(`${name}: publint`, "publint --strict", one.folder);
  run(`${name}: are the types wrong`, "attw --pack . --profile esm-only --no-color", one.folder);
  run(`${name}: JSR`, "deno publish --dry-run --allow-dirty", one.folder);
}
run("exports of both registries", "node scripts/sync-jsr.ts --check");
checkChangesets();
run("unused files, exports and dependencies", "knip --no-progress --no-config-hints");

if (failed > 0) {
  console.error(`Cannot publish: ${failed} ${failed === 1 ? "check" : "checks"} failed`);
  process.exit(1);
}
console.log("All can be published");
