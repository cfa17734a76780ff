/**
 * A pool by hand: a message for each call, to each worker in turn.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import * as functions from "./functions.ts";
import { type AnyPool, mapInChunks, type Open } from "./pool.ts";

const names = Object.keys(functions);

export const open: Open = (size) => {
  const pending = new Map<number, (result: unknown) => void>();
  let calls = 0;
  const workers = Array.from({ length: size }, () => {
    const worker = new Worker(new URL("./bare-worker.ts", import.meta.url));
    worker.on("message", ([call, result]: [number, unknown]) => {
      pending.get(call)?.(result);
      pending.delete(call);
    });
    return worker;
  });
  const apply: AnyPool["apply"] = (name, argument) =>
    new Promise((resolve) => {
      const call = calls++;
      pending.set(call, resolve);
      workers[call % size]?.postMessage([call, names.indexOf(name), argument]);
    });
  return {
    apply,
    map: (numbers) => mapInChunks(apply, numbers, size),
    close: () => Promise.all(workers.map((worker) => worker.terminate())),
  };
};
