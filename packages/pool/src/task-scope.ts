/**
 * Whether this code belongs to a task. A worker imports the modules of its tasks; if their main part is not guarded, it
 * would start workers that import it in turn, and so on without end. So in a worker only tasks may start others.
 *
 * @module
 */
import type { TaskScope } from "./runtime/runtime.ts";

/** Where a worker keeps its scope, whatever copy of this package asks. A main thread has none. */
const SCOPE: unique symbol = Symbol.for("@interlock/pool/task-scope") as never;

const global = globalThis as { [SCOPE]?: TaskScope };

/** Makes this thread a worker. */
export function enterWorker(scope: TaskScope): void {
  global[SCOPE] = scope;
}

/** Runs a task in a worker. */
export function runInScope<R>(task: () => Promise<R>): Promise<R> {
  return global[SCOPE]?.run(task) ?? task();
}

/**
 * Refuses to start workers from code of a worker that belongs to no task.
 *
 * @throws {TypeError} If it does not; says how to guard a main part.
 */
export function refuseOutsideTasks(action: string): void {
  if (global[SCOPE]?.inside() ?? true) return;
  throw new TypeError(
    `Cannot ${action} as this code runs in a worker, outside its tasks: workers import the modules of their tasks, so guard the main part with if (import.meta.main) { ... }`,
  );
}
