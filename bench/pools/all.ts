/**
 * All pools, each loaded only by who measures it: one of them replaces globals.
 *
 * @module
 */
import type { Contender } from "../measure.ts";
import { type AnyPool, everyProcess, type Open, type OpenProcesses, type Serialization } from "./pool.ts";

const pools: Readonly<Record<string, () => Promise<{ open: Open }>>> = {
  "bare pool": () => import("./bare.ts"),
  interlock: () => import("./interlock.ts"),
  multithreading: () => import("./multithreading.ts"),
  piscina: () => import("./piscina.ts"),
  poolifier: () => import("./poolifier.ts"),
  tinypool: () => import("./tinypool.ts"),
  workerpool: () => import("./workerpool.ts"),
};

const processPools: Readonly<Record<string, () => Promise<{ openProcesses: OpenProcesses }>>> = {
  "bare pool": () => import("./bare-process.ts"),
  interlock: () => import("./interlock.ts"),
  poolifier: () => import("./poolifier.ts"),
  tinypool: () => import("./tinypool.ts"),
  workerpool: () => import("./workerpool.ts"),
};

/** A contender for each pool. The pool's module is loaded before `measure` is called. */
export function eachPool(measure: (open: Open, name: string) => Promise<number>, names: readonly string[] = Object.keys(pools)): Record<string, Contender> {
  return Object.fromEntries(names.map((name) => [name, async () => measure((await pools[name]?.())?.open as Open, name)]));
}

/** The same for pools of processes. */
export function eachProcessPool(measure: (open: OpenProcesses) => Promise<number>): Record<string, Contender> {
  return Object.fromEntries(Object.entries(processPools).map(([name, load]) => [name, async () => measure((await load()).openProcesses)]));
}

/** The same once each process has answered; `measure` is given their ids. */
export function eachWarmProcessPool(
  size: number,
  measure: (pool: AnyPool, ids: readonly number[]) => Promise<number>,
  serialization?: Serialization,
): Record<string, Contender> {
  return eachProcessPool(async (open) => {
    const pool = open(size, serialization);
    const figure = await measure(pool, await everyProcess(pool, size));
    await pool.close();
    return figure;
  });
}
