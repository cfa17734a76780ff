import { join } from "node:path";
import { expect, it } from "vitest";
import { makeProject } from "./project.ts";
import { RESULT, run } from "./run.ts";

const tsc = join(import.meta.dirname, "../../node_modules/typescript/bin/tsc");

it.each(["nodenext", "bundler"])("a strict TypeScript program whose moduleResolution is %s", async (resolution) => {
  const folder = makeProject(resolution, { types: true, program: true });
  expect(await run(folder, ["node", tsc])).toBe("");
  expect(JSON.parse(await run(folder, ["node", "main.ts"]))).toEqual(RESULT);
});
