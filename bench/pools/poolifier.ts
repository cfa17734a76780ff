/**
 * poolifier, with a fixed number of threads. Its own map sends each item by itself: a million take 20 s.
 *
 * @module
 */
import { FixedThreadPool } from "poolifier";
import { type AnyPool, mapInChunks, type Open } from "./pool.ts";

export const open: Open = (size) => {
  const pool = new FixedThreadPool(size, new URL("./poolifier-worker.ts", import.meta.url).pathname);
  const apply: AnyPool["apply"] = (name, argument) => pool.execute(argument, name);
  return { apply, map: (numbers) => mapInChunks(apply, numbers, 8), close: () => pool.destroy() };
};
