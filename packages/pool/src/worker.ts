/**
 * For workers that a bundler makes: `@interlock/pool/worker`.
 *
 * @module
 */
import { serve as serveParent } from "./entry/serve.ts";
import { runtime } from "./runtime/select.ts";
import { serveByName, type Task } from "./task.ts";

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
