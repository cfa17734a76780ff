/**
 * What Node, Deno and Bun have in common: threads and processes by Node's modules.
 *
 * @module
 */
import type { AsyncLocalStorage } from "node:async_hooks";
import type { Worker as ThreadWorker } from "node:worker_threads";
import { type Processes, parentProcess, spawnProcess } from "./child-process.ts";
import { filledDoubles, roomForDoubles } from "./doubles.ts";
import { dismissWatcher, onWatcher } from "./family.ts";
import type { Ports, Runtime, TaskScope } from "./runtime.ts";
import { whenWebWorkerEnded } from "./web-worker.ts";
import { parentThread, plainPorts, spawnThread, threadId, threadPort } from "./worker-threads.ts";

/**
 * The call that code belongs to: undefined outside of tasks, SOME where it need not be known which. One for all scopes of a
 * thread, as Node 22 visits every storage that ever was whenever a promise is made.
 */
let storage: AsyncLocalStorage<object | undefined> | undefined;
const SOME = {};

/** A runtime that has Node's modules. */
export function server(name: Runtime["name"], processes: Processes, ports: Ports = plainPorts): Runtime {
  return {
    name,
    get parallelism() {
      return process.getBuiltinModule("node:os").availableParallelism();
    },
    get pid() {
      return process.pid;
    },
    get threadId() {
      return threadId();
    },
    get signals() {
      return process.getBuiltinModule("node:os").constants.signals;
    },
    // Bun's event loop is awake by a message sooner than by its `waitAsync`, and no later than a thread of it that blocks.
    dozes: name !== "bun",
    knocks: name === "bun",
    spawnThread,
    spawnProcess: (entry, options) => spawnProcess(entry, options, processes),
    adopt: (worker) => threadPort(worker as never),
    ...(processes.threadsClose ? {} : { onWatcher, dismissWatcher }),
    parent: () => parentThread() ?? parentProcess(processes),
    ports,
    doubles: name === "bun" ? filledDoubles : roomForDoubles,
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
      storage ??= new AsyncLocalStorage<object | undefined>();
      const calls = storage;
      return {
        run: (tasks) => calls.run(SOME, tasks),
        runAs: (call, task) => calls.run(call, task),
        hold: () => {},
        outside: (other) => calls.run(undefined, other),
        inside: () => calls.getStore() !== undefined,
        call() {
          const call = calls.getStore();
          return call === SOME ? undefined : call;
        },
      };
    },
  };
}
