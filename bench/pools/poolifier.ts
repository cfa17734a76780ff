/**
 * poolifier, with a fixed number of threads, or of processes of `node:cluster`. Its own map sends each item by itself: a
 * million take 20 s.
 *
 * @module
 */
import { FixedClusterPool, FixedThreadPool } from "poolifier";
import { type AnyPool, mapInChunks, type Open, type OpenProcesses } from "./pool.ts";

export const open: Open = (size) => wrap(new FixedThreadPool(size, new URL("./poolifier-worker.ts", import.meta.url).pathname));

export const openProcesses: OpenProcesses = (size, serialization = "json") =>
  wrap(new FixedClusterPool(size, new URL("./poolifier-process-worker.ts", import.meta.url).pathname, { settings: { serialization } }));

function wrap(pool: FixedThreadPool | FixedClusterPool): AnyPool {
  const apply: AnyPool["apply"] = (name, argument) => pool.execute(argument, name);
  return { apply, map: (numbers) => mapInChunks(apply, numbers, 8), close: () => pool.destroy() };
}
