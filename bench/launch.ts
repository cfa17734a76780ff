/**
 * One figure from a fresh process.
 *
 * @module
 */
import { type SpawnSyncOptionsWithStringEncoding, spawnSync } from "node:child_process";
import { PYTHON } from "./goal.ts";

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

/** The slowest that ends on one runtime or another takes less. */
const TIMEOUT_MS = 30_000;

/** A group of its own, which the types leave out: workers of a peer that hangs do not all notice that their parent is gone. */
const OPTIONS: SpawnSyncOptionsWithStringEncoding & { readonly detached: boolean } = {
  encoding: "utf8",
  timeout: TIMEOUT_MS,
  killSignal: "SIGKILL",
  detached: true,
};

/** The cases that Python runs too, some of them in variants: `case (variant)`; none if there is no Python. */
export const pythonCases: readonly string[] = (spawnSync("python3", [python], { encoding: "utf8" }).stdout ?? "").split("\n").filter(Boolean);

/** Python's contenders in a case. */
export function pythonsOf(file: string): string[] {
  return pythonCases.filter((name) => name.split(" ")[0] === file).map((name) => PYTHON + name.slice(file.length));
}

/** Whether a process can be pinned to a core. */
export const canPin = spawnSync("taskset", ["--version"]).status === 0;

/**
 * Runs a contender, and ends what it leaves behind.
 *
 * @throws {Error} If there is no figure; the message says in a few words why.
 */
export function launch(file: string, name: string, pinned: boolean): number {
  const command = name.startsWith(PYTHON) ? ["python3", python, file + name.slice(PYTHON.length)] : [...COMMAND, file, name];
  const [program, ...args] = pinned ? ["taskset", "-c", "0", ...command] : command;
  const { pid, stdout, stderr, status, signal } = spawnSync(program as string, args, OPTIONS);
  endGroup(pid);
  // A contender ends itself so.
  const ended = status === 0 || signal === "SIGTERM";
  // With nothing left to wait for, Node ends with 13, Deno says so, and Bun ends as if all were well.
  const unsettled = status === 13 || stderr.includes("Top-level await promise never resolved") || (ended && stdout === "");
  if (signal === "SIGKILL" || unsettled) throw new Error("hangs");
  const figure = Number(stdout);
  if (ended && !Number.isNaN(figure)) return figure;
  const reason = /\b\w*Error: .*/.exec(stderr)?.[0] ?? stderr.trim().split("\n").at(-1);
  throw new Error(`fails: ${reason || `exit code ${status}`}`);
}

function endGroup(id: number): void {
  // What could not be started has none, and 0 is our own group.
  if (id === 0) return;
  try {
    process.kill(-id, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}
