/**
 * The processes that this thread has started: they end with it.
 *
 * @module
 */
import type { ChildProcess } from "node:child_process";
import { OrphanWatch } from "./orphan-watch.ts";

interface Family {
  readonly children: Set<ChildProcess>;
  readonly watch: OrphanWatch;
}

let family: Family | undefined;

/** Is told of who watches over the family. */
let toTell: ((watcher: number) => void) | undefined;

/** Calls back with the number of whoever watches over the processes that this thread starts; again if another takes over. */
export function onWatcher(callback: (watcher: number) => void): void {
  toTell = callback;
}

/** Has a watcher end those it watches over, and then itself. */
export function dismissWatcher(watcher: number): void {
  try {
    process.kill(watcher, "SIGUSR1");
  } catch {
    // It is gone.
  }
}

/**
 * Sends a signal to a child that runs. Not by `child.kill`, of which Deno counts only the first.
 *
 * The number of a child that has ended is not reused before this thread has heard of its end: until then it is kept.
 */
export function signal({ pid, exitCode, signalCode }: ChildProcess, name: "SIGTERM" | "SIGKILL"): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(pid, name);
  } catch {
    // It is gone.
  }
}

/** Most children notice that their parent is gone; one that never returns to its event loop does not. */
export function endWithProgram(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  family ??= beginFamily();
  const { children, watch } = family;
  children.add(child);
  watch.add(pid);
  child.on("exit", () => {
    children.delete(child);
    watch.delete(pid);
  });
}

/** The processes that are killed when the program ends. */
function beginFamily(): Family {
  const children = new Set<ChildProcess>();
  const end = (): void => {
    for (const child of children) signal(child, "SIGKILL");
  };
  process.on("exit", end);
  // Deno calls no exit listener after an error that nobody catches.
  process.on("uncaughtExceptionMonitor", () => {
    if (nobodyCatches()) end();
  });
  return { children, watch: new OrphanWatch((watcher) => toTell?.(watcher)) };
}

/** Whether this thread ends of what it throws and no code around it catches. */
export function nobodyCatches(): boolean {
  return process.listenerCount("uncaughtException") === 0 && !(process.hasUncaughtExceptionCaptureCallback?.() ?? false);
}
