/**
 * workerpool on threads.
 *
 * @module
 */
import { pool as createPool } from "workerpool";
import { type AnyPool, mapInChunks, type Open } from "./pool.ts";

export const open: Open = (size) => {
  const pool = createPool(new URL("./workerpool-worker.ts", import.meta.url).pathname, { minWorkers: size, maxWorkers: size, workerType: "thread" });
  const apply: AnyPool["apply"] = async (name, argument) => pool.exec(name, [argument]);
  return { apply, map: (numbers) => mapInChunks(apply, numbers, 8), close: async () => pool.terminate() };
};
