/**
 * piscina as it comes: its workers wait in `Atomics.wait`, one call at a time.
 *
 * @module
 */
import { Piscina } from "piscina";
import { type AnyPool, mapInChunks, type Open } from "./pool.ts";

export const open: Open = (size) => {
  const pool = new Piscina({ filename: new URL("./functions.ts", import.meta.url).href, minThreads: size, maxThreads: size });
  const apply: AnyPool["apply"] = (name, argument) => pool.run(argument, { name });
  return { apply, map: (numbers) => mapInChunks(apply, numbers, 8), close: () => pool.destroy() };
};
