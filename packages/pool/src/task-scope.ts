/**
 * Which task this code belongs to, if any. A worker imports the modules of its tasks; if their main part is not guarded,
 * it would start workers that import it in turn, and so on without end. So in a worker only tasks may start others.
 *
 * @module
 */
import type { TaskContext } from "./context.ts";
import type { TaskScope } from "./runtime/runtime.ts";

/** A call that runs. */
export interface RunningCall {
  context(): TaskContext;
}

interface WorkerScope {
  readonly scope: TaskScope;
  /** The call that runs, where at most one does at a time. */
  only: RunningCall | undefined;
}

/** Where a worker keeps its scope, whatever copy of this package asks. A main thread has none. */
const SCOPE: unique symbol = Symbol.for("@interlock/pool/task-scope") as never;

const global = globalThis as { [SCOPE]?: WorkerScope };

/** Makes this thread a worker. */
export function enterWorker(scope: TaskScope): WorkerScope {
  const worker: WorkerScope = { scope, only: undefined };
  global[SCOPE] = worker;
  return worker;
}

/** The call that the code belongs to; undefined outside of tasks. */
export function currentCall(): RunningCall | undefined {
  const worker = global[SCOPE];
  return worker?.scope.inside() ? ((worker.scope.call() as RunningCall | undefined) ?? worker.only) : undefined;
}

/**
 * Refuses to start workers from code of a worker that belongs to no task.
 *
 * @throws {TypeError} If it does not; says how to guard a main part.
 */
export function refuseOutsideTasks(action: string): void {
  if (global[SCOPE]?.scope.inside() ?? true) return;
  throw new TypeError(
    `Cannot ${action} as this code runs in a worker, outside its tasks: workers import the modules of their tasks, so guard the main part with if (import.meta.main) { ... }`,
  );
}
