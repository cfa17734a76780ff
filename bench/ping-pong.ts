/**
 * One message to a worker and one back, with nothing around them. This file is also the worker.
 *
 * @module
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const PONG = "ping-pong";

if (!isMainThread && workerData === PONG) {
  parentPort?.on("message", (n: number) => parentPort?.postMessage(n + 1));
}

/** Starts the worker, and returns what sends to it and awaits its answer. */
export function startPingPong(): (n: number) => Promise<number> {
  const worker = new Worker(new URL(import.meta.url), { workerData: PONG });
  let answer: (n: number) => void;
  worker.on("message", (n: number) => answer(n));
  return (n) =>
    new Promise((resolve) => {
      answer = resolve;
      worker.postMessage(n);
    });
}
