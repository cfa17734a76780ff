import { beforeAll, describe, expect, it } from "vitest";
import { NODE_22, NODE_26, nodeOf } from "../../scripts/suites.ts";
import { makeProject } from "./project.ts";
import { RESULT, run } from "./run.ts";

const runtimes: readonly [string, readonly string[]][] = [
  ["Node 22", nodeOf(NODE_22)],
  ["Node 24", ["node"]],
  ["Node 26", nodeOf(NODE_26)],
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
