/**
 * A task in a thread of its own.
 *
 * @module
 */
import type { WorkerFactory } from "./backends/thread.ts";
import { Execution, type ExecutionOptions } from "./execution.ts";
import type { Port, SpawnOptions } from "./runtime/runtime.ts";
import { runtime } from "./runtime/select.ts";
import type { Task } from "./task.ts";

/** Settings of a thread. */
export interface ThreadOptions extends ExecutionOptions {
  /** Makes a worker whose module calls `serve` of `@interlock/pool/worker`: for bundlers, as `Pool`'s option of that name. */
  readonly worker?: WorkerFactory;
}

/**
 * A task in a thread of its own: Python's `Process`, over shared memory.
 *
 * Core objects among the arguments are shared; everything else is cloned.
 *
 * @example
 * ```ts
 * import { Atomic } from "@interlock/core";
 * import { task, Thread } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * export const count = task(import.meta, "count", (counter: Atomic<"int32">, n: number) => counter.add(n));
 *
 * if (import.meta.main) {
 *   const counter = new Atomic("int32");
 *   const thread = new Thread(count, [counter, 20]);
 *   thread.start();
 *   await thread.join();
 *   assert.equal(counter.load(), 20);
 * }
 * ```
 */
export class Thread<A extends readonly unknown[], R> extends Execution<A, R> {
  protected override readonly sharesMemory = true;
  readonly #factory: WorkerFactory | undefined;

  /**
   * @param fn A task.
   * @param args Its arguments.
   * @throws {TypeError} If `fn` is no task.
   */
  constructor(fn: Task<A, R | Promise<R>>, args: A = [] as unknown as A, options: ThreadOptions = {}) {
    super(fn, args, options, "Thread");
    this.#factory = options.worker;
  }

  protected override spawn(entry: URL, options: SpawnOptions): Port {
    return this.#factory === undefined ? runtime().spawnThread(entry, options) : runtime().adopt(this.#factory());
  }
}
