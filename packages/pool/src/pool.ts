/**
 * A pool of workers.
 *
 * @module
 */
import type { Backend, RunOptions } from "./backend.ts";
import { ThreadBackend, type WorkerFactory } from "./backends/thread.ts";
import type { Outcome } from "./batch.ts";
import { requireArgs, requireCount, requireItems } from "./checks.ts";
import { chunkSizeOf, transferOf } from "./chunks.ts";
import { describe } from "./describe.ts";
import { PoolClosedError } from "./errors.ts";
import { Progress, type ProgressReport } from "./progress.ts";
import { runtime } from "./runtime/select.ts";
import { Scheduler } from "./scheduler.ts";
import { requireTask, type Task } from "./task.ts";
import { refuseOutsideTasks } from "./task-scope.ts";
import { fromErrorData } from "./transport/error-data.ts";

/** How a pool is made. */
export interface PoolOptions {
  /** How many workers; as many as make progress at once if absent. */
  readonly size?: number;
  /** What the workers are; threads if absent. */
  readonly backend?: "thread" | Backend;
  /** A name for errors and debuggers. */
  readonly name?: string;
  /**
   * Makes a worker whose module calls `serve` of `@interlock/pool/worker`: for bundlers, which see workers only where
   * `new Worker(new URL("./worker.js", import.meta.url), { type: "module" })` stands literally.
   */
  readonly worker?: WorkerFactory;
}

/** Settings of one call. */
export interface ApplyOptions {
  /** Rejects the call with `signal.reason`. A task that has not settled 100 ms later costs its worker, which is replaced. */
  readonly signal?: AbortSignal;
  /** What is moved to the worker instead of cloned. A map moves with each chunk what occurs in its items. */
  readonly transfer?: readonly unknown[];
}

/** Settings of one `map`. */
export interface MapOptions extends ApplyOptions {
  /** How many items travel together; a share of the input if absent. */
  readonly chunkSize?: number;
  /** Called at most every 50 ms, and once at the end. What it throws rejects the map. */
  readonly onProgress?: (report: ProgressReport) => void;
}

type State = "running" | "closed" | "terminated";

let created = 0;

/**
 * A pool of workers that run tasks: Python's `Pool`.
 *
 * A lost worker rejects the tasks in its hands with `WorkerLostError` and is replaced; the others go on. An idle pool
 * never keeps the program alive, a pending task does. Whoever creates a pool disposes of it.
 *
 * A task costs some microseconds to send, a worker some milliseconds to start: a trivial function over a list is faster
 * in one thread.
 *
 * @example
 * ```ts
 * import { Pool, task } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * export const square = task(import.meta, "square", (n: number) => n * n);
 *
 * if (import.meta.main) {
 *   const pool = new Pool({ size: 2 });
 *   try {
 *     assert.deepEqual(await pool.map(square, [1, 2, 3]), [1, 4, 9]);
 *   } finally {
 *     await pool.terminate();
 *   }
 * }
 * ```
 */
export class Pool {
  /** How many workers. */
  readonly size: number;
  /** Its name. */
  readonly name: string;
  readonly #backend: Backend;
  readonly #scheduler: Scheduler;
  #state: State = "running";

  /**
   * @throws {RangeError} If `size` is not an integer >= 1.
   * @throws {TypeError} If `size` is no number or `backend` is unknown; or in a worker, outside its tasks.
   */
  constructor(options: PoolOptions = {}) {
    const { size = runtime().parallelism, backend = "thread" } = options;
    requireCount(size, "size", "create Pool");
    if (backend !== "thread" && typeof (backend as Partial<Backend>)?.run !== "function") {
      throw new TypeError(`Cannot create Pool as 'backend' must be "thread" or a Backend: received ${describe(backend)}`);
    }
    refuseOutsideTasks("create Pool");
    this.name = options.name ?? `Pool-${++created}`;
    this.#backend = backend === "thread" ? new ThreadBackend(size, this.name, options.worker) : backend;
    this.size = requireCount(this.#backend.slots, "backend.slots", "create Pool");
    this.#scheduler = new Scheduler(this.#backend);
  }

  /**
   * Runs one call in a worker.
   *
   * @returns What the task returns.
   * @throws What the task throws; `WorkerLostError` if its worker ended first; `PoolClosedError` after `close`;
   * `signal.reason` on abort; `TypeError` if `fn` is no task or an argument cannot be cloned.
   */
  async apply<A extends readonly unknown[], R>(fn: Task<A, R>, args: A = [] as unknown as A, options: ApplyOptions = {}): Promise<Awaited<R>> {
    requireArgs(args, "apply");
    const [outcome] = await this.#submit(fn, [args], undefined, options);
    return unwrap(outcome as Outcome) as Awaited<R>;
  }

  /**
   * Runs the task on each item, in workers.
   *
   * @param fn Takes an item.
   * @param items Read to the end before the first runs.
   * @returns The results, in the order of the items.
   * @throws The first error, as soon as it is known; chunks that have not begun are dropped. Else as `apply`, and
   * `RangeError` if `chunkSize` is not an integer >= 1.
   */
  async map<T, R>(fn: Task<readonly [T], R> | Task<[T], R>, items: Iterable<T>, options: MapOptions = {}): Promise<Awaited<R>[]> {
    const { chunkSize, onProgress, signal, transfer } = options;
    requireTask(fn, "map");
    this.#refuseUnlessRunning();
    const inputs = requireItems(items, "map");
    const step = chunkSizeOf(inputs.length, this.size, chunkSize);
    const results: Awaited<R>[] = new Array(inputs.length);
    const progress = new Progress(inputs.length, onProgress);
    // Ends the chunks that have not begun when one fails.
    const failed = new AbortController();
    const chunk = async (first: number): Promise<void> => {
      const chunkItems = inputs.slice(first, first + step);
      const calls = chunkItems.map((item) => [item]);
      const outcomes = await this.#submit(fn, calls, first, { signal, transfer: transferOf(chunkItems, transfer) }, failed.signal);
      outcomes.forEach((outcome, i) => {
        results[first + i] = unwrap(outcome) as Awaited<R>;
      });
      progress.add(outcomes.length);
    };
    const chunks: Promise<void>[] = [];
    for (let first = 0; first < inputs.length; first += step) chunks.push(chunk(first));
    try {
      await Promise.all(chunks);
    } catch (error) {
      failed.abort(error);
      throw error;
    }
    progress.end();
    return results;
  }

  /** Takes no more work; what was given is done. Idempotent. */
  close(): void {
    if (this.#state === "running") this.#state = "closed";
  }

  /**
   * Waits until all work is done and the workers have ended.
   *
   * @throws {Error} If the pool is neither closed nor terminated.
   */
  async join(): Promise<void> {
    if (this.#state === "running") throw new Error(`Cannot join ${this.name} as it is still running: call close() or terminate() first`);
    await this.#scheduler.idle();
    await this.#backend[Symbol.asyncDispose]();
  }

  /** Ends the workers now; pending work is rejected with `PoolClosedError`. Idempotent. */
  async terminate(): Promise<void> {
    this.#state = "terminated";
    this.#scheduler.abandon(new PoolClosedError(`Cannot finish as ${this.name} was terminated`));
    await this.#backend[Symbol.asyncDispose]();
  }

  /** Terminates, at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.terminate();
  }

  #submit(
    fn: unknown,
    calls: readonly (readonly unknown[])[],
    first: number | undefined,
    options: RunOptions,
    drop?: AbortSignal,
  ): Promise<readonly Outcome[]> {
    const task = requireTask(fn, "run");
    this.#refuseUnlessRunning();
    options.signal?.throwIfAborted();
    return this.#scheduler.submit({ task, calls, first }, options, drop);
  }

  #refuseUnlessRunning(): void {
    if (this.#state !== "running") throw new PoolClosedError(`Cannot run as ${this.name} is ${this.#state}`);
  }
}

function unwrap(outcome: Outcome): unknown {
  if (outcome.ok) return outcome.value;
  throw fromErrorData(outcome.error);
}
