/**
 * Web workers.
 *
 * @module
 */
import { futex } from "@interlock/core/base";
import { filledDoubles } from "./doubles.ts";
import type { ParentPort, Port, PortListener, Runtime, TaskScope } from "./runtime.ts";
import { whenWebWorkerEnded } from "./web-worker.ts";

/** No sleep is longer, not even the last. */
const SLICE_MS = 50;

/** Posted by a worker that ends by itself: browsers tell nobody. */
interface Ended {
  readonly "@interlock/ended": number;
}

function workerPort(worker: Worker): Port {
  let exit: (() => void) | undefined;
  return {
    id: undefined,
    post: (message, transfer) => worker.postMessage(message, (transfer ?? []) as Transferable[]),
    listen(listener: PortListener): void {
      exit = () => listener.exit({});
      worker.onmessage = ({ data }: MessageEvent<Partial<Ended> | undefined>) => {
        const code = data?.["@interlock/ended"];
        if (code === undefined) return listener.message(data);
        worker.terminate();
        listener.exit({ code });
      };
      worker.onmessageerror = ({ data }) => listener.unreadable(data);
      worker.onerror = (event) => {
        // A worker that failed to load, or threw, does not end by itself.
        event.preventDefault();
        worker.terminate();
        // What it does meanwhile goes on: pages take their time to end that.
        listener.exit({ code: 1, mayRun: true, error: event.error ?? new Error(event.message || "the worker's script failed to load") });
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
  pid: undefined,
  threadId: 0,
  signals: {},
  get parallelism() {
    return navigator.hardwareConcurrency;
  },
  spawnThread(entry, { name }) {
    return workerPort(new Worker(entry, { type: "module", ...(name === undefined ? {} : { name }) }));
  },
  dozes: true,
  // Sooner in all three engines; and WebKitGTK's workers now and then do not hear of a wake while no timer of theirs is pending.
  knocks: true,
  adopt: (worker) => workerPort(worker as Worker),
  parent(): ParentPort | undefined {
    const scope = globalThis as unknown as {
      document?: unknown;
      postMessage(message: unknown, transfer: readonly unknown[]): void;
      close(): void;
      onmessage: unknown;
      onmessageerror: unknown;
    };
    if (scope.document !== undefined) return undefined;
    let beforeEnd = (_code: number): void => {};
    let ended = false;
    const end = (code: number): void => {
      ended = true;
      beforeEnd(code);
      scope.postMessage({ "@interlock/ended": code } satisfies Ended, []);
    };
    return {
      post: (message, transfer) => scope.postMessage(message, transfer ?? []),
      listen: (listener) => {
        scope.onmessage = ({ data }: MessageEvent) => listener.message(data);
        scope.onmessageerror = ({ data }: MessageEvent) => listener.unreadable(data);
      },
      close: () => end(0),
      exit: (code) => {
        if (ended) return;
        end(code);
        // Without shared memory no task can be asked to leave in its midst: this is a turn of its own.
        if (typeof SharedArrayBuffer === "undefined") return scope.close();
        // Nothing of the current turn may run on, not even its finally blocks. The parent ends the sleep.
        const asleep = new Int32Array(new SharedArrayBuffer(4));
        for (;;) futex.wait(asleep, 0, 0, SLICE_MS);
      },
      onExit: (callback) => {
        beforeEnd = callback;
      },
    };
  },
  doubles: filledDoubles,
  usedMemory: () => (performance as { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize,
  unrefTimer: () => {},
  topic: () => ({ hasSubscribers: false, publish: () => {} }),
  warn: (message, type) => console.warn(`${type}: ${message}`),
  whenEnded: (worker, callback) => whenWebWorkerEnded(worker as Worker, callback),
  taskScope(): TaskScope {
    // Browsers do not say what called whom: while a task runs, everything counts as part of it.
    let running = 0;
    const run = <R>(tasks: () => R): R => {
      running++;
      try {
        return tasks();
      } finally {
        running--;
      }
    };
    const release = (): void => void running--;
    return {
      run,
      runAs: (_, task) => run(task),
      hold(unsettled) {
        running++;
        unsettled.then(release, release);
      },
      outside(other) {
        const before = running;
        running = 0;
        try {
          return other();
        } finally {
          running = before;
        }
      },
      inside: () => running > 0,
      call: () => undefined,
    };
  },
};
