import { join } from "node:path";
import { expect, inject, it } from "vitest";
import { serveJsr } from "./jsr.ts";
import { makeProject } from "./project.ts";
import { RESULT, run } from "./run.ts";

it("a program on Deno that has the packages from JSR, type-checked", async () => {
  const folder = makeProject("jsr", { types: true, program: true });
  const jsr = await serveJsr();
  try {
    const env = { JSR_URL: jsr.url, DENO_DIR: join(inject("consumers"), "deno") };
    await run(folder, ["deno", "check", "--quiet", "main.ts"], env);
    expect(JSON.parse(await run(folder, ["deno", "run", "-A", "--quiet", "main.ts"], env))).toEqual(RESULT);
  } finally {
    jsr.close();
  }
});
