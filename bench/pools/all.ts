/**
 * All pools, each loaded only by who measures it: one of them replaces globals.
 *
 * @module
 */
import type { Contender } from "../measure.ts";
import type { Open } from "./pool.ts";

const pools: Readonly<Record<string, () => Promise<{ open: Open }>>> = {
  "bare pool": () => import("./bare.ts"),
  interlock: () => import("./interlock.ts"),
  multithreading: () => import("./multithreading.ts"),
  piscina: () => import("./piscina.ts"),
  poolifier: () => import("./poolifier.ts"),
  tinypool: () => import("./tinypool.ts"),
  workerpool: () => import("./workerpool.ts"),
};

/** A contender for each pool. The pool's module is loaded before `measure` is called. */
export function eachPool(measure: (open: Open, name: string) => Promise<number>, names: readonly string[] = Object.keys(pools)): Record<string, Contender> {
  return Object.fromEntries(names.map((name) => [name, async () => measure((await pools[name]?.())?.open as Open, name)]));
}
