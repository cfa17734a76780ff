import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { descendants, type Entry, runs } from "../../../stress/process-table.ts";
import { Marks, set } from "./fixtures/marks.ts";
import { argvOf } from "./fixtures/run-program.ts";

// However a program ends, none of its processes, and none of theirs, outlives it for long. Seen from outside.

/** All of them have started in so many milliseconds, one of which spins meanwhile. */
const START_MS = 40_000;
/** None of them is left after so many. */
const BOUND_MS = 5000;

let marks: Marks;
let program: ChildProcess | undefined;
let family: readonly Entry[] = [];

beforeEach(() => {
  marks = new Marks();
});

afterEach(() => {
  program?.kill("SIGKILL");
  // Whatever a failed test leaves behind.
  for (const one of family) if (runs(one)) process.kill(one.pid, "SIGKILL");
  family = [];
  marks.remove();
});

/** Starts a program, and resolves when all of its children are there. */
async function begin(name: string, HOW: string, detached: boolean = false): Promise<void> {
  const env = { ...process.env, HOW, DIRECTORY: marks.directory };
  program = spawn(process.execPath, argvOf(fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url))), {
    stdio: ["ignore", "pipe", "ignore"],
    env,
    detached,
  });
  await expect.poll(() => marks.isSet("ready"), { timeout: START_MS, interval: 20 }).toBe(true);
  family = descendants(program.pid as number);
}

const ended = (): Promise<number | null> => new Promise((resolve) => program?.once("exit", resolve));
const left = (): string[] => family.filter(runs).map(({ command }) => command);
const childrenOf = (): Entry[] => family.filter(({ command }) => command.includes("--interlock-child"));
const shells = (): Entry[] => family.filter(({ command }) => command.startsWith("/bin/sh"));

async function text(stream: AsyncIterable<unknown> | null | undefined): Promise<string> {
  let all = "";
  for await (const piece of stream ?? []) all += piece;
  return all;
}

async function expectNobody(): Promise<void> {
  await expect.poll(left, { timeout: BOUND_MS, interval: 20 }).toEqual([]);
}

describe.skipIf(process.platform !== "linux")("no process outlives the program that started it", () => {
  /** Four and two of a pool, two of whose children have one of their own; and a shell for each of the three that have children. */
  function expectFamily(): void {
    expect(childrenOf()).toHaveLength(8);
    expect(shells()).toHaveLength(3);
  }

  it.each(["returns", "exits", "throws"])(
    "which %s",
    async (how) => {
      await begin("orphans", how);
      expectFamily();
      const end = ended();
      set(marks.make("go"));
      await expect(end).resolves.toBe({ returns: 0, exits: 7, throws: 1 }[how]);
      await expectNobody();
    },
    2 * START_MS,
  );

  it.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)(
    "which is ended by %s",
    async (signal) => {
      await begin("orphans", signal);
      expectFamily();
      const end = ended();
      process.kill(program?.pid as number, signal);
      await end;
      await expectNobody();
    },
    2 * START_MS,
  );

  it(
    "which a terminal interrupts, together with all of them",
    async () => {
      await begin("orphans", "SIGINT", true);
      const end = ended();
      process.kill(-(program?.pid as number), "SIGINT");
      await end;
      await expectNobody();
    },
    2 * START_MS,
  );

  it(
    "which a terminal interrupts, and goes on with them for a while",
    async () => {
      await begin("interrupted", "SIGINT", true);
      const output = text(program?.stdout);
      const end = ended();
      process.kill(-(program?.pid as number), "SIGINT");
      expect([await end, await output]).toEqual([5, "true alive 0\n"]);
      await expectNobody();
    },
    2 * START_MS,
  );

  it(
    "of whom somebody has ended who watched over them",
    async () => {
      await begin("orphans", "SIGKILL");
      const shell = (): Entry | undefined =>
        descendants(program?.pid as number).find(({ command, parent }) => command.startsWith("/bin/sh") && parent === program?.pid);
      const first = shell() as Entry;
      // One that lives for less than a second is not replaced.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      process.kill(first.pid, "SIGKILL");
      await expect.poll(() => (shell() ?? first).pid, { timeout: BOUND_MS }).not.toBe(first.pid);
      family = descendants(program?.pid as number);
      const end = ended();
      process.kill(program?.pid as number, "SIGKILL");
      await end;
      await expectNobody();
    },
    2 * START_MS,
  );
});

describe.skipIf(process.platform !== "linux")("no process outlives the thread that started it", () => {
  it.each(["terminate", "kill", "terminate, deaf", "kill, deaf"])(
    "%s",
    async (how) => {
      await begin("orphans-of-thread", how);
      expect(childrenOf()).toHaveLength(8);
      set(marks.make("go"));
      await expectNobody();
    },
    2 * START_MS,
  );
});
