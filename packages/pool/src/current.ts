/**
 * Who runs this code, who started it, and whom it has started.
 *
 * @module
 */
import type { Execution } from "./execution.ts";
import { runtime } from "./runtime/select.ts";
import type { Introduction, Start } from "./transport/message.ts";

/** The thread or process that runs this code. */
export interface CurrentProcess {
  /** Its name; `MainProcess` for a program's main thread. */
  readonly name: string;
  /** Whether it ends with whoever started it, instead of keeping that alive. */
  readonly daemon: boolean;
  /** The number of a process, or that of a thread in its process. */
  readonly id: number;
  /** The number of the process that it is, or is a thread of; undefined in a page. */
  readonly pid: number | undefined;
  /** It runs. */
  readonly exitCode: undefined;
  /** It runs. */
  isAlive(): true;
}

/** The thread or process that started this one. */
export interface ParentProcess {
  readonly name: string;
  readonly id: number;
  readonly pid: number | undefined;
  /** It runs: no child outlives its parent. */
  isAlive(): true;
}

// biome-ignore lint/suspicious/noExplicitAny: children with tasks of every signature
export type AnyExecution = Execution<any, any>;

interface Self {
  readonly name: string;
  readonly daemon: boolean;
  readonly parent: ParentProcess | undefined;
  /** Whether it is a thread of the process. */
  readonly thread: boolean;
}

/** Where a child keeps who it is, whatever copy of this package asks. */
const SELF: unique symbol = Symbol.for("@interlock/pool/self") as never;
const CHILDREN: unique symbol = Symbol.for("@interlock/pool/children") as never;

const global = globalThis as { [SELF]?: Self; [CHILDREN]?: Set<AnyExecution> };

const MAIN: Self = { name: "MainProcess", daemon: false, parent: undefined, thread: false };

/** Makes this thread the child that its parent says it is. */
export function become({ name, daemon, parent, crossProcess }: Start): void {
  global[SELF] = { name, daemon, parent: { ...parent, isAlive: () => true }, thread: !crossProcess };
}

/** What this thread tells its children of itself. */
export function introduce(): Introduction {
  const { name, id, pid } = currentProcess();
  return { name, id, pid };
}

/** Counts a child among the active ones until it has ended. */
export function activate(child: AnyExecution, exited: Promise<unknown>): void {
  global[CHILDREN] ??= new Set();
  const children = global[CHILDREN];
  children.add(child);
  void exited.then(() => children.delete(child));
}

/**
 * The thread or process that runs this code: Python's `current_process`.
 *
 * @example
 * ```ts
 * import { currentProcess, Process, task } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * export const whoAmI = task(import.meta, "whoAmI", () => currentProcess().name);
 *
 * if (import.meta.main) {
 *   assert.equal(currentProcess().name, "MainProcess");
 *   const child = new Process(whoAmI, [], { name: "worker" });
 *   child.start();
 *   assert.equal(await child.result(), "worker");
 * }
 * ```
 */
export function currentProcess(): CurrentProcess {
  const { name, daemon, thread } = global[SELF] ?? MAIN;
  const { pid, threadId } = runtime();
  return { name, daemon, id: thread ? threadId : (pid ?? 0), pid, exitCode: undefined, isAlive: () => true };
}

/**
 * The thread or process that started this one: Python's `parent_process`.
 *
 * @returns undefined in a program's main thread.
 *
 * @example
 * ```ts
 * import { parentProcess, Process, task } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * export const parentName = task(import.meta, "parentName", () => parentProcess()?.name);
 *
 * if (import.meta.main) {
 *   assert.equal(parentProcess(), undefined);
 *   const child = new Process(parentName);
 *   child.start();
 *   assert.equal(await child.result(), "MainProcess");
 * }
 * ```
 */
export function parentProcess(): ParentProcess | undefined {
  return global[SELF]?.parent;
}

/**
 * The threads and processes that this thread has started and that have not ended: Python's `active_children`. Workers of pools
 * are not among them.
 *
 * @example
 * ```ts
 * import { activeChildren, Process, task } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * export const nothing = task(import.meta, "nothing", () => {});
 *
 * if (import.meta.main) {
 *   const child = new Process(nothing);
 *   child.start();
 *   assert.deepEqual(activeChildren(), [child]);
 *   await child.join();
 *   assert.deepEqual(activeChildren(), []);
 * }
 * ```
 */
export function activeChildren(): AnyExecution[] {
  return [...(global[CHILDREN] ?? [])];
}

/**
 * How many threads or processes make progress at once: Python's `process_cpu_count`.
 *
 * @example
 * ```ts
 * import { cpuCount } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * assert.ok(cpuCount() >= 1);
 * ```
 */
export function cpuCount(): number {
  return runtime().parallelism;
}
