/**
 * Threads of `node:worker_threads`, which Node, Deno and Bun all have.
 *
 * @module
 */
import type { Worker } from "node:worker_threads";
import type { ParentPort, Port, PortListener, Ports, SpawnOptions } from "./runtime.ts";

const threads = (): typeof import("node:worker_threads") => process.getBuiltinModule("node:worker_threads");

/** A module that a thread can begin with: files alone are. JSR's modules, which Deno has by URL, are imported by one that is written out. */
const startable = (entry: URL): URL =>
  entry.protocol === "file:" ? entry : new URL(`data:text/javascript,import ${encodeURIComponent(JSON.stringify(entry.href))}`);

/** Starts a thread. */
export function spawnThread(entry: URL, options: SpawnOptions): Port {
  const { name, env, execArgv, resourceLimits } = options;
  const { Worker } = threads();
  return threadPort(
    new Worker(startable(entry), {
      ...(name === undefined ? {} : { name }),
      ...(env === undefined ? {} : { env: { ...process.env, ...env } }),
      ...(execArgv === undefined ? {} : { execArgv: [...execArgv] }),
      ...(resourceLimits === undefined ? {} : { resourceLimits }),
    }),
  );
}

/** The port of a thread. */
export function threadPort(worker: Worker): Port {
  return {
    id: worker.threadId,
    post: (message, transfer) => worker.postMessage(message, transfer as []),
    listen(listener: PortListener): void {
      let error: unknown;
      worker.on("message", (message) => listener.message(message));
      worker.on("messageerror", (failure) => listener.unreadable(failure));
      worker.on("error", (uncaught) => {
        error = uncaught;
      });
      worker.on("exit", (code) => listener.exit({ code, error }));
    },
    terminate: async () => {
      await worker.terminate();
    },
    ref: () => worker.ref(),
    unref: () => worker.unref(),
  };
}

/** The line to the thread that started this one; undefined in the main thread. */
export function parentThread(): ParentPort | undefined {
  const { parentPort } = threads();
  if (parentPort === null) return undefined;
  return {
    post: (message, transfer) => parentPort.postMessage(message, transfer as []),
    listen: (listener) => {
      parentPort.on("message", (message) => listener.message(message));
      parentPort.on("messageerror", (failure) => listener.unreadable(failure));
    },
    // Not close(): Deno has none.
    close: () => parentPort.unref(),
    exit: (code) => process.exit(code),
    onExit: (callback) => void process.on("exit", callback),
  };
}

/** Messages as they are. */
export const plainPorts: Ports = {
  wrap: (message) => message,
  receive: (port) => threads().receiveMessageOnPort(port as never),
};

/** Messages in a Map. Deno looks for ports in all that a message holds, each element of a typed array too, but not in Maps. */
export const wrappedPorts: Ports = {
  wrap: (message) => new Map([[0, message]]),
  receive(port) {
    const found = plainPorts.receive(port) as { readonly message: ReadonlyMap<number, unknown> } | undefined;
    return found && { message: found.message.get(0) };
  },
};

/** The number of this thread. */
export const threadId = (): number => threads().threadId;
