/**
 * Ours.
 *
 * @module
 */
import { Pool, type Task } from "@interlock/pool";
import * as tasks from "../pool-tasks.ts";
import type { AnyPool, Open, OpenProcesses } from "./pool.ts";

const byName = { ...tasks };

export const open: Open = (size) => wrap(new Pool({ size }));

export const openProcesses: OpenProcesses = (size) => wrap(new Pool({ size, backend: "process" }));

function wrap(pool: Pool): AnyPool {
  return {
    apply: (name, argument) => pool.apply(byName[name] as Task<unknown[], unknown>, [argument]),
    map: (numbers) => pool.map(tasks.square, numbers),
    close: () => pool.terminate(),
  };
}
