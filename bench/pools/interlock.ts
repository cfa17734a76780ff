/**
 * Ours.
 *
 * @module
 */
import { Pool, type Task } from "@interlock/pool";
import * as tasks from "../pool-tasks.ts";
import type { Open } from "./pool.ts";

const byName = { ...tasks };

export const open: Open = (size) => {
  const pool = new Pool({ size });
  return {
    apply: (name, argument) => pool.apply(byName[name] as Task<unknown[], unknown>, [argument]),
    map: (numbers) => pool.map(tasks.square, numbers),
    close: () => pool.terminate(),
  };
};
