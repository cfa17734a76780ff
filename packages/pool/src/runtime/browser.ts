/**
 * Web workers.
 *
 * @module
 */
import type { ParentPort, Port, PortListener, Runtime } from "./runtime.ts";

function workerPort(worker: Worker): Port {
  let exit: (() => void) | undefined;
  return {
    id: undefined,
    post: (message, transfer) => worker.postMessage(message, (transfer ?? []) as Transferable[]),
    listen(listener: PortListener): void {
      exit = () => listener.exit({});
      worker.onmessage = (event) => listener.message(event.data);
      worker.onerror = (event) => {
        // A worker that failed to load, or threw, does not end by itself.
        event.preventDefault();
        worker.terminate();
        listener.exit({ code: 1, error: event.error ?? new Error(event.message || "the worker's script failed to load") });
      };
    },
    terminate: async () => {
      worker.terminate();
      exit?.();
    },
    // A page stays open by itself.
    ref: () => {},
    unref: () => {},
  };
}

export const browser: Runtime = {
  name: "browser",
  get parallelism() {
    return navigator.hardwareConcurrency;
  },
  spawnThread(entry, { name }) {
    return workerPort(new Worker(entry, { type: "module", ...(name === undefined ? {} : { name }) }));
  },
  adopt: (worker) => workerPort(worker as Worker),
  parent(): ParentPort | undefined {
    const scope = globalThis as unknown as {
      document?: unknown;
      postMessage(message: unknown, transfer: readonly unknown[]): void;
      close(): void;
      onmessage: unknown;
    };
    if (scope.document !== undefined) return undefined;
    let leave = (): void => {};
    return {
      post: (message, transfer) => scope.postMessage(message, transfer ?? []),
      listen: (callback) => {
        scope.onmessage = (event: MessageEvent) => callback(event.data);
      },
      close: () => {
        leave();
        scope.close();
      },
      exit: () => {
        leave();
        scope.close();
        // The current turn would run on.
        throw new Error("This worker was asked to leave");
      },
      onExit: (callback) => {
        leave = callback;
      },
    };
  },
};
