/**
 * workerpool on threads, and on processes.
 *
 * @module
 */
import { pool as createPool, type WorkerPoolOptions } from "workerpool";
import { type AnyPool, mapInChunks, type Open, type OpenProcesses } from "./pool.ts";

export const open: Open = (size) => openOn(size, { workerType: "thread" });

export const openProcesses: OpenProcesses = (size, serialization = "json") => openOn(size, { workerType: "process", forkOpts: { serialization } });

function openOn(size: number, options: WorkerPoolOptions): AnyPool {
  const pool = createPool(new URL("./workerpool-worker.ts", import.meta.url).pathname, { minWorkers: size, maxWorkers: size, ...options });
  const apply: AnyPool["apply"] = async (name, argument) => pool.exec(name, [argument]);
  return { apply, map: (numbers) => mapInChunks(apply, numbers, 8), close: async () => pool.terminate() };
}
