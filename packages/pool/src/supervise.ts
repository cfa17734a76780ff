/**
 * Workers that the user made, under watch.
 *
 * @module
 */
import { type AgentHandle, reserveAgent, retireAgent } from "@interlock/core/base";
import { describe } from "./describe.ts";
import { runtime } from "./runtime/select.ts";

/**
 * Puts a worker that you made yourself under watch: what it holds when it ends counts as abandoned.
 *
 * A `Thread` or a `Pool` does this for its own workers. Without it, a lock whose owner is a worker of yours that was
 * terminated stays locked for ever.
 *
 * Send what this returns to the worker, and call core's `adoptAgent` with it there, before any shared object is attached.
 *
 * - **Browsers** tell of no end but a failure: a worker that closes itself there is not noticed. `worker.terminate()` is.
 *
 * @param worker A `Worker` of `node:worker_threads`, or of the web.
 * @param options `name`, to show where a lock's owner is shown.
 * @returns The worker's seat, as plain data.
 * @throws {TypeError} If `worker` is none.
 * @throws {RangeError} If 1024 threads live.
 *
 * @example
 * ```ts
 * import { AbandonedLockError, adoptAgent, type AgentHandle, type Handle, Lock } from "@interlock/core";
 * import { superviseWorker } from "@interlock/pool";
 * import assert from "node:assert/strict";
 * import { isMainThread, parentPort, Worker } from "node:worker_threads";
 *
 * if (isMainThread) {
 *   const lock = new Lock();
 *   const worker = new Worker(new URL(import.meta.url));
 *   worker.postMessage({ seat: superviseWorker(worker), lock: lock.handle });
 *   await new Promise((resolve) => worker.on("message", resolve));
 *   await worker.terminate();
 *   await assert.rejects(lock.acquireAsync(), AbandonedLockError);
 * } else {
 *   parentPort?.once("message", ({ seat, lock }: { seat: AgentHandle; lock: Handle }) => {
 *     adoptAgent(seat);
 *     Lock.attach(lock).acquire();
 *     parentPort?.postMessage("taken");
 *     setInterval(() => {}, 1000);
 *   });
 * }
 * ```
 */
export function superviseWorker(worker: unknown, { name = "worker" }: { readonly name?: string } = {}): AgentHandle {
  const { postMessage, terminate } = (worker ?? {}) as { postMessage?: unknown; terminate?: unknown };
  if (typeof postMessage !== "function" || typeof terminate !== "function") {
    throw new TypeError(`Cannot supervise as 'worker' must be a Worker: received ${describe(worker)}`);
  }
  const seat = reserveAgent(name);
  runtime().whenEnded(worker, () => retireAgent(seat));
  return seat;
}
