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
  const at = (cell: number): number => {
    if (Number.isInteger(cell) && cell >= 0 && cell < values.length) return cell;
    throw new RangeError(`Cannot use cell as its number must be an integer from 0 to ${values.length - 1}, where threads are workers: received ${cell}`);
  };
  return {
    threads,
    buffer,
    get: (cell) => values[at(cell)] as number,
    set: (cell, value) => {
      values[at(cell)] = value;
    },
    assert: (ok, message) => {
      if (!ok) throw new AssertionFailure(message);
    },
  };
}
