/**
 * One figure from a fresh process.
 *
 * @module
 */
import { spawnSync } from "node:child_process";

/** The contender that is a program of its own. */
export const PYTHON = "Python multiprocessing";

const { bun, deno, node } = process.versions;
/** What runs this, and the processes it starts. */
export const runtime = bun !== undefined ? `Bun ${bun}` : deno !== undefined ? `Deno ${deno}` : `Node ${node}`;

const python = new URL("python.py", import.meta.url).pathname;
const contender = new URL("contender.ts", import.meta.url).pathname;
const COMMAND =
  bun !== undefined
    ? [process.execPath, "--expose-gc", contender]
    : deno !== undefined
      ? [process.execPath, "run", "-A", "--v8-flags=--expose-gc", contender]
      : [process.execPath, "--expose-gc", new URL("contender.js", (await import("./plain.ts")).withoutTypes()).pathname];

/** No contender takes a quarter of it. */
const TIMEOUT_MS = 60_000;

/** The cases that Python runs too; none if there is no Python. */
export const pythonCases: readonly string[] = (spawnSync("python3", [python], { encoding: "utf8" }).stdout ?? "").split("\n").filter(Boolean);

/** Whether a process can be pinned to a core. */
export const canPin = spawnSync("taskset", ["--version"]).status === 0;

/**
 * Runs a contender.
 *
 * @throws {Error} If there is no figure; the message says in a few words why.
 */
export function launch(file: string, name: string, pinned: boolean): number {
  const command = name === PYTHON ? ["python3", python, file] : [...COMMAND, file, name];
  const [program, ...args] = pinned ? ["taskset", "-c", "0", ...command] : command;
  const { stdout, stderr, status, signal } = spawnSync(program as string, args, { encoding: "utf8", timeout: TIMEOUT_MS, killSignal: "SIGKILL" });
  // With nothing left to wait for, Node ends with 13, Deno says so, and Bun ends as if all were well.
  const unsettled = status === 13 || stderr.includes("Top-level await promise never resolved") || (status === 0 && stdout === "");
  if (signal === "SIGKILL" || unsettled) throw new Error("hangs");
  const figure = Number(stdout);
  if (status === 0 && !Number.isNaN(figure)) return figure;
  const reason = /\b\w*Error: .*/.exec(stderr)?.[0] ?? stderr.trim().split("\n").at(-1);
  throw new Error(`fails: ${reason || `exit code ${status}`}`);
}
