/**
 * What Node, Deno and Bun have in common: threads and processes by Node's modules.
 *
 * @module
 */
import type { Worker as ThreadWorker } from "node:worker_threads";
import { parentProcess, type Serialization, spawnProcess } from "./child-process.ts";
import type { Runtime, TaskScope } from "./runtime.ts";
import { whenWebWorkerEnded } from "./web-worker.ts";
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
    usedMemory: () => process.memoryUsage().heapUsed,
    unrefTimer: (timer) => (timer as { unref(): void }).unref(),
    topic: (topic) => process.getBuiltinModule("node:diagnostics_channel").channel(topic),
    warn: (message, type) => process.emitWarning(message, type),
    whenEnded(worker, callback) {
      // Deno and Bun have workers of both kinds.
      if (typeof (worker as Partial<ThreadWorker>).on === "function") (worker as ThreadWorker).on("exit", callback);
      else whenWebWorkerEnded(worker as Worker, callback);
    },
    taskScope(): TaskScope {
      const { AsyncLocalStorage } = process.getBuiltinModule("node:async_hooks");
      // Absent outside of tasks; SOME where it need not be known which.
      const storage = new AsyncLocalStorage<object | undefined>();
      const SOME = {};
      return {
        run: (tasks) => storage.run(SOME, tasks),
        runAs: (call, task) => storage.run(call, task),
        hold: () => {},
        outside: (other) => storage.run(undefined, other),
        inside: () => storage.getStore() !== undefined,
        call() {
          const call = storage.getStore();
          return call === SOME ? undefined : call;
        },
      };
    },
  };
}
