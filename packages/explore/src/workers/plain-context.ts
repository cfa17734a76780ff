/**
 * Cells in shared memory, for scenarios whose threads are workers.
 *
 * @module
 */
import type { SharedContext } from "../scenario.ts";

/** An assertion that failed outside a thread. */
export class AssertionFailure extends Error {}

export function plainContext(threads: number, buffer: SharedArrayBuffer, cells: SharedArrayBuffer): SharedContext {
  const values = new Float64Array(cells);
  return {
    threads,
    buffer,
    get: (cell) => values[cell] as number,
    set: (cell, value) => {
      values[cell] = value;
    },
    assert: (ok, message) => {
      if (!ok) throw new AssertionFailure(message);
    },
  };
}
