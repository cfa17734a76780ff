/**
 * tinypool as it comes.
 *
 * @module
 */
import { type Options, Tinypool } from "tinypool";
import { type AnyPool, mapInChunks, type Open, type OpenProcesses } from "./pool.ts";

export const open: Open = (size) => openOn(size, { runtime: "worker_threads" });

export const openProcesses: OpenProcesses = (size, serialization = "json") => openOn(size, { runtime: "child_process", serialization });

function openOn(size: number, options: Partial<Options>): AnyPool {
  const pool = new Tinypool({ filename: new URL("./functions.ts", import.meta.url).href, minThreads: size, maxThreads: size, ...options });
  const apply: AnyPool["apply"] = (name, argument) => pool.run(argument, { name });
  return { apply, map: (numbers) => mapInChunks(apply, numbers, 8), close: () => pool.destroy() };
}
