/**
 * What Node, Deno and Bun have in common: threads and processes by Node's modules.
 *
 * @module
 */
import { parentProcess, type Serialization, spawnProcess } from "./child-process.ts";
import type { Runtime, TaskScope } from "./runtime.ts";
import { parentThread, spawnThread, threadPort } from "./worker-threads.ts";

/** A runtime that has Node's modules. `serialization` says when its processes notice that a message cannot be sent. */
export function server(name: Runtime["name"], serialization: Serialization = "at once"): Runtime {
  return {
    name,
    get parallelism() {
      return process.getBuiltinModule("node:os").availableParallelism();
    },
    spawnThread,
    spawnProcess: (entry, options) => spawnProcess(entry, options, serialization),
    adopt: (worker) => threadPort(worker as never),
    parent: () => parentThread() ?? parentProcess(serialization),
    taskScope(): TaskScope {
      const { AsyncLocalStorage } = process.getBuiltinModule("node:async_hooks");
      const storage = new AsyncLocalStorage<true>();
      return { run: (task) => storage.run(true, task), inside: () => storage.getStore() === true };
    },
  };
}
