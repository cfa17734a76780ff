import { beforeAll, describe, expect, it } from "vitest";
import { makeProject } from "./project.ts";
import { RESULT, run } from "./run.ts";

const platform = process.platform === "win32" ? "win" : process.platform;
const node = (version: string): string[] => ["npx", "--yes", "-p", `node-${platform}-${process.arch}@${version}`, "node"];

const runtimes: readonly [string, readonly string[]][] = [
  ["Node 22", node("22.23.3")],
  ["Node 24", ["node"]],
  ["Node 26", node("26.10.0")],
  ["Deno", ["deno", "run", "-A"]],
  ["Bun", ["bun"]],
];

describe.each([
  ["import", "main.js"],
  ["require", "main.cjs"],
])("a program of modules that %s the packages", (project, main) => {
  let folder: string;

  beforeAll(() => {
    folder = makeProject(project, { program: project === "import" });
  });

  it.each(runtimes)("on %s", async (_, command) => {
    // Whatever certificates npm trusts, npx under this Node must too.
    expect(JSON.parse(await run(folder, [...command, main], { NODE_USE_SYSTEM_CA: "1" }))).toEqual(RESULT);
  });
});
