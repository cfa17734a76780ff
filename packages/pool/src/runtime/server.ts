/**
 * What Node, Deno and Bun have in common: threads and processes by Node's modules.
 *
 * @module
 */
import { parentProcess, spawnProcess } from "./child-process.ts";
import type { Runtime } from "./runtime.ts";
import { parentThread, spawnThread, threadPort } from "./worker-threads.ts";

/** A runtime that has Node's modules. */
export function server(name: Runtime["name"]): Runtime {
  return {
    name,
    get parallelism() {
      return process.getBuiltinModule("node:os").availableParallelism();
    },
    spawnThread,
    spawnProcess,
    adopt: (worker) => threadPort(worker as never),
    parent: () => parentThread() ?? parentProcess(),
  };
}
