/**
 * What workers need, without pools: `@interlock/pool/worker`. For workers that a bundler makes, and for modules that only
 * hold tasks: a worker that imports nothing else starts sooner.
 *
 * @module
 */
import { serve as serveParent } from "./entry/serve.ts";
import { runtime } from "./runtime/select.ts";
import { serveByName, type Task } from "./task.ts";

export { type Bytes, Connection, type SendOptions } from "./connection/connection.ts";
export { context, type TaskContext } from "./context.ts";
export { type CurrentProcess, cpuCount, currentProcess, type ParentProcess, parentProcess } from "./current.ts";
export { BrokenPipeError, BufferTooShortError, ConnectionError, EOFError } from "./errors.ts";
export { registerError } from "./register-error.ts";
export { type Task, type TaskReference, task } from "./task.ts";
export { Transferred, transfer } from "./transfer.ts";

/**
 * Makes this worker run tasks for the pool whose `worker` option created it. Tasks are found by name alone.
 *
 * @param tasks All tasks that the pool may send here.
 * @throws {TypeError} If one is no task, or nobody started this thread.
 */
// biome-ignore lint/suspicious/noExplicitAny: tasks of every signature
export function serve(...tasks: readonly Task<any, unknown>[]): void {
  const parent = runtime().parent();
  if (parent === undefined) throw new TypeError("Cannot serve as this is not a worker: call serve() in the worker's own module");
  serveByName(tasks as unknown as Task[]);
  serveParent(parent);
}
