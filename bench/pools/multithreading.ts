/**
 * multithreading, which starts its threads when they are needed.
 *
 * @module
 */
import { initRuntime, move, shutdown, spawn } from "multithreading";
import * as functions from "./functions.ts";
import { type AnyPool, mapInChunks, type Open } from "./pool.ts";

const byName = { ...functions };

export const open: Open = (size) => {
  initRuntime({ maxWorkers: size });
  const apply: AnyPool["apply"] = async (name, argument) => {
    const result = await spawn(move(argument), byName[name] as (argument: unknown) => unknown).join();
    if (!result.ok) throw result.error;
    return result.value;
  };
  return { apply, map: (numbers) => mapInChunks(apply, numbers, 8), close: async () => shutdown() };
};
