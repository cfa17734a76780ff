/**
 * A task in an OS process of its own.
 *
 * @module
 */
import { Execution, type ExecutionOptions } from "./execution.ts";
import type { Port, SpawnOptions } from "./runtime/runtime.ts";
import { runtime } from "./runtime/select.ts";
import type { Task } from "./task.ts";

/**
 * A task in an OS process of its own. Same members as `Thread`.
 *
 * Arguments are cloned. A core object can be passed only if its memory is shared between processes; any other throws a
 * `TypeError` that names it.
 *
 * On Deno, a process starts only once this thread returns to its event loop, and inherits none of this program's flags:
 * name those that it needs in `execArgv`.
 *
 * @example
 * ```ts
 * import { Process, task } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * export const square = task(import.meta, "square", (n: number) => n * n);
 *
 * if (import.meta.main) {
 *   const child = new Process(square, [12]);
 *   child.start();
 *   assert.equal(await child.result(), 144);
 * }
 * ```
 */
export class Process<A extends readonly unknown[], R> extends Execution<A, R> {
  protected override readonly sharesMemory = false;

  /**
   * @param fn A task.
   * @param args Its arguments.
   * @throws {TypeError} If `fn` is no task.
   */
  constructor(fn: Task<A, R | Promise<R>>, args: A = [] as unknown as A, options: ExecutionOptions = {}) {
    super(fn, args, options, "Process");
  }

  /** The process's number, once started. */
  get pid(): number | undefined {
    return this.id;
  }

  protected override spawn(entry: URL, options: SpawnOptions): Port {
    const { spawnProcess, name } = runtime();
    if (spawnProcess === undefined) throw new TypeError(`Cannot start ${this.name} as ${name} has no processes: use a Thread`);
    return spawnProcess(entry, options);
  }
}
