import { readdirSync } from "node:fs";
import { currentProcess, Process, parentProcess, Thread, task } from "@interlock/pool";
import { addNote } from "../fixtures/add-note.ts";

export type Kind = "thread" | "process";

const classOf = (kind: Kind): typeof Thread | typeof Process => (kind === "thread" ? Thread : Process);

/** Who runs it, and who started that. */
export const introduce = task(import.meta, "introduce", () => {
  const { name, daemon, id, pid, exitCode } = currentProcess();
  const parent = parentProcess();
  return { name, daemon, id, pid, exitCode, alive: currentProcess().isAlive(), parent: parent && { name: parent.name, pid: parent.pid } };
});

/** What it was given, and who it is. */
export const receive = task(import.meta, "receive", (...args: readonly unknown[]) => {
  const { name, id, pid } = currentProcess();
  return { args, name, id, pid };
});

export const nap = task(import.meta, "nap", (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)));

export const nothing = task(import.meta, "nothing", () => {});

/** Whether it is a daemon, and whether children of its own are that were told nothing, to be, and not to be. */
export const daemons = task(import.meta, "daemons", (kind: Kind) => {
  const Kind = classOf(kind);
  return [currentProcess().daemon, ...[{}, { daemon: true }, { daemon: false }].map((options) => new Kind(nothing, [], options).daemon)];
});

/** Notes its path, and starts two of the next level, one after the other. */
export const tree: ReturnType<typeof makeTree> = makeTree();
function makeTree() {
  return task(import.meta, "tree", async (kind: Kind, notes: string, path: readonly number[]): Promise<void> => {
    addNote(notes, JSON.stringify(path));
    if (path.length === 2) return;
    for (const i of [0, 1]) {
      const child = new (classOf(kind))(tree, [kind, notes, [...path, i]]);
      child.start();
      await child.join();
    }
  });
}

/** How many files it has open: the least of a few counts, as the runtime opens some for a moment while it starts. */
export const countFiles = task(import.meta, "countFiles", async () => {
  const counts: number[] = [];
  for (let i = 0; i < 50; i++) {
    counts.push(readdirSync("/dev/fd").length);
    await nap(20);
  }
  return Math.min(...counts);
});

/** Leaves a thread behind that is to be awaited, and one that is not. */
export const leaveThreads = task(import.meta, "leaveThreads", (awaited: number, daemon: number) => {
  new Thread(nap, [awaited]).start();
  new Thread(nap, [daemon], { daemon: true }).start();
});

/** Keeps what it is given for a while. */
export const hold = task(import.meta, "hold", async (_: object, milliseconds: number) => {
  await nap(milliseconds);
});

export const upperCase = task(import.meta, "upperCase", (words: readonly string[]) => words.map((word) => word.toUpperCase()));

/** Throws something, where somebody catches it or where nobody does. */
export const divide = task(import.meta, "divide", (where: "in the task" | "in a timer") => {
  const fail = (): never => {
    throw new RangeError("division by zero"); // the line that throws
  };
  if (where === "in the task") fail();
  setTimeout(fail);
  return new Promise<never>((resolve) => setTimeout(resolve, 60_000));
});

export const leave = task(import.meta, "leave", (how: "exit" | "set" | "throw", reason: unknown) => {
  if (how === "throw") throw reason;
  if (how === "exit") process.exit(reason as number);
  process.exitCode = reason as number;
});
