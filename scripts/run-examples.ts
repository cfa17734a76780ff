/**
 * Type-checks and runs every example in the READMEs and in doc comments: each is a program of its own.
 *
 * Usage: node scripts/run-examples.ts
 */
import { type ExecFileException, execFile, spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { eachAtOnce } from "./at-once.ts";
import { cached } from "./suites.ts";

// Inside the project, so that imports resolve as a user's would.
const folder = ".cache/examples";

function extract(file: string): string[] {
  const text = readFileSync(file, "utf8").replace(/^[ \t]*\* ?/gm, file.endsWith(".md") ? "$&" : "");
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => match[1] as string);
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ extends: "../../tsconfig.json", include: ["*.ts"] }));
const programs: { readonly from: string; readonly program: string }[] = [];
for (const from of ["README.md", ...globSync(["packages/*/README.md", "packages/*/src/**/*.ts"]).sort()]) {
  extract(from).forEach((code, i) => {
    const program = join(folder, `${from.replace(/\W/g, "-")}-${i + 1}.ts`);
    writeFileSync(program, code);
    programs.push({ from, program });
  });
}

let failed = spawnSync(`tsc -p ${folder}`, { stdio: "inherit", shell: true }).status === 0 ? 0 : 1;
const run = promisify(execFile);
await eachAtOnce(programs, async ({ from, program }) => {
  try {
    await run(process.execPath, ["--conditions=@interlock/source", program], { timeout: 60_000, env: { ...process.env, ...cached } });
  } catch (error) {
    failed++;
    const { code, signal, stdout, stderr } = error as ExecFileException;
    console.error(`${from}: its example ${program} ended with ${code ?? signal}\n${stdout}${stderr}`);
  }
});
console.log(`${programs.length} examples ran, ${failed} failed`);
if (failed > 0) process.exit(1);
