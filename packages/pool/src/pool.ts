/**
 * A pool of workers.
 *
 * @module
 */
import type { Backend } from "./backend.ts";
import { ProcessBackend } from "./backends/process.ts";
import { ThreadBackend } from "./backends/thread.ts";
import type { WorkerSettings, WorkersOptions } from "./backends/worker-settings.ts";
import { limitOf, requireArgs, requireChunks, requireCount, requireItems, requireSource, requireTimeout, sizeOf } from "./checks.ts";
import { describe } from "./describe.ts";
import { type Call, CallsJob } from "./dispatch/calls.ts";
import { Progress } from "./dispatch/progress.ts";
import { Mapping, RangeJob } from "./dispatch/range.ts";
import { Scheduler } from "./dispatch/scheduler.ts";
import { type Settle, untilAborted } from "./dispatch/settle.ts";
import { Spare } from "./dispatch/spare.ts";
import type { PoolStats } from "./dispatch/statistics.ts";
import { type Source, Stream } from "./dispatch/stream.ts";
import { targetOf } from "./dispatch/target.ts";
import { PoolClosedError, QueueFullError } from "./errors.ts";
import { topic } from "./events.ts";
import type { ApplyOptions, ImapOptions, MapOptions, Mapped, PoolOptions, Result } from "./pool-options.ts";
import { runtime } from "./runtime/select.ts";
import { requireTask, type Task, type TaskReference } from "./task.ts";
import { refuseOutsideTasks } from "./task-scope.ts";
import { initializerOf } from "./transport/pack.ts";
import { disposed, expectDisposal } from "./undisposed.ts";

type State = "running" | "closed" | "terminated";

const BUFFER_PER_WORKER = 16;

let created = 0;

/**
 * A pool of workers that run tasks: Python's `Pool`.
 *
 * An idle pool never keeps the program alive, a pending call does. Whoever creates a pool disposes of it: one that is
 * dropped while it runs ends, with a warning, once it is collected.
 *
 * A call costs a microsecond or two if many are made at once, and a wake of two threads if it is awaited alone: a trivial
 * function over a list is faster in one thread.
 *
 * - **Order**: calls begin in the order in which they were made. Calls that end in one worker settle in order.
 * - **Memory**: what this thread wrote to shared memory before a call is seen by the task, and what the task wrote by
 *   whoever awaits its result.
 * - **Failure**: a lost worker rejects the calls that had begun in it with `WorkerLostError` and is replaced; the others go on.
 * - **Deadlock**: tasks that wait for other tasks of their pool, which has no worker left to run them.
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
 *     const seen: number[] = [];
 *     for await (const n of pool.imap(square, [4, 5])) seen.push(n);
 *     assert.deepEqual(seen, [16, 25]);
 *   } finally {
 *     await pool.terminate();
 *   }
 * }
 * ```
 */
export class Pool {
  /** How many workers it has when all are needed. */
  readonly size: number;
  /** Its name, by which errors and observers call it. */
  readonly name: string;
  readonly #backend: Backend;
  readonly #scheduler: Scheduler;
  readonly #maxQueue: number;
  readonly #spare = new Spare();
  #state: State = "running";
  /** Resolves when the workers have ended. */
  #ended: Promise<void> | undefined;
  /** Calls without settings that were made one after the other: they leave together. */
  #open: CallsJob | undefined;

  /**
   * Starts the workers.
   *
   * @throws {RangeError} If a number is out of its range.
   * @throws {TypeError} If an option is of another type, `initializer` is no task, `initArgs` cannot be cloned or `backend` is
   * unknown; or in a worker, outside its tasks.
   * @throws What starting a worker throws; those that were started are ended.
   */
  constructor(options: PoolOptions = {}) {
    const action = "create Pool";
    const { size = runtime().parallelism, backend = "thread", initializer, concurrency = 1, maxTasksPerWorker, maxQueue } = options;
    requireCount(size, "size", action);
    requireCount(concurrency, "concurrency", action);
    if (maxTasksPerWorker !== undefined) requireCount(maxTasksPerWorker, "maxTasksPerWorker", action);
    if (maxQueue !== undefined) requireCount(maxQueue, "maxQueue", action);
    if (typeof backend === "string" ? backend !== "thread" && backend !== "process" : typeof (backend as Partial<Backend>)?.run !== "function") {
      throw new TypeError(`Cannot create Pool as 'backend' must be "thread", "process" or a Backend: received ${describe(backend)}`);
    }
    refuseOutsideTasks(action);
    this.name = options.name ?? `Pool-${++created}`;
    this.#maxQueue = maxQueue ?? Infinity;
    if (typeof backend === "string") {
      const workers: WorkersOptions = {
        size,
        label: this.name,
        concurrency,
        initializer: initializerOf(initializer, options.initArgs, backend === "process", action),
        maxTasksPerWorker: maxTasksPerWorker ?? Infinity,
        maxMemoryPerWorker: options.maxMemoryPerWorker === undefined ? Infinity : requireCount(options.maxMemoryPerWorker, "maxMemoryPerWorker", action),
        idleTimeout: requireTimeout(options.idleTimeout, action, "idleTimeout"),
      };
      const { env, execArgv, resourceLimits, cwd, execPath } = options;
      // What is absent stays so: a runtime takes a setting of undefined for a wrong one.
      const settings: WorkerSettings = Object.fromEntries(
        Object.entries({ env, execArgv, resourceLimits, cwd, execPath }).filter(([, value]) => value !== undefined),
      );
      this.#backend = backend === "thread" ? new ThreadBackend(workers, settings, options.worker) : new ProcessBackend(workers, settings);
    } else this.#backend = backend;
    this.size = requireCount(this.#backend.slots, "backend.slots", action);
    this.#scheduler = new Scheduler(this.#backend, this.name);
    const creation = topic("interlock.pool.create");
    if (creation.hasSubscribers) creation.publish({ pool: this.name, size: this.size, backend: this.#backend.name });
    expectDisposal(this, { name: this.name, end: endWhenIdle(this.#scheduler, this.#backend) });
  }

  /**
   * Runs one call in a worker. Many that are made one after the other travel together, without waiting for each other.
   *
   * - **Fairness**: calls are sent in the order in which they were made, and a worker begins them in the order in which they were sent.
   *   What a lost worker had not begun goes first.
   *
   * @param fn A task.
   * @param args Its arguments: core objects are shared, everything else is cloned.
   * @returns What the task returns, its promise awaited and its `transfer` unwrapped. What is wrong with the call rejects it, too.
   * @throws What the task throws, or `onReport`.
   * @throws {WorkerLostError} If its worker ended first.
   * @throws {PoolClosedError} After `close` or `terminate`, or if the pool is terminated first.
   * @throws {QueueFullError} If as many calls wait as `maxQueue` allows.
   * @throws {TimeoutError} Core's, if it ran for longer than `timeout`.
   * @throws `signal.reason`, if `signal` aborts first.
   * @throws {TypeError} If `fn` is no task, `args` no array, or an argument or the result cannot be cloned, with its path.
   * @throws {RangeError} If `timeout` is NaN.
   *
   * @example
   * ```ts
   * import { TimeoutError } from "@interlock/core";
   * import { Pool, task } from "@interlock/pool";
   * import assert from "node:assert/strict";
   *
   * export const add = task(import.meta, "add", (a: number, b: number) => a + b);
   * export const never = task(import.meta, "never", () => new Promise<void>(() => {}));
   *
   * if (import.meta.main) {
   *   const pool = new Pool({ size: 1 });
   *   assert.equal(await pool.apply(add, [1, 2]), 3);
   *   await assert.rejects(pool.apply(never, [], { timeout: 20 }), TimeoutError);
   *   await pool.terminate();
   * }
   * ```
   */
  apply<A extends readonly unknown[], R>(fn: Task<A, R>, args: A = [] as unknown as A, options?: ApplyOptions): Promise<Result<R>> {
    return new Promise((resolve, reject) => {
      requireArgs(args, "apply");
      const task = requireTask(fn, "apply");
      this.#admit(1);
      if (options === undefined) return this.#add(task, { args, resolve: resolve as Call["resolve"], reject });
      const { signal, transfer, onReport } = options;
      const timeout = limitOf(options.timeout, "apply");
      const settle = untilAborted(signal, { resolve, reject } as Settle, (reason) => this.#scheduler.drop((one) => one === job, reason));
      const call: Call = { args, ...settle, onReport: onReport && ((value) => onReport(value, 0)) };
      const job = new CallsJob(task, [call], this.#scheduler.now, { signal, timeout, transfer });
      this.#scheduler.submit(job);
    });
  }

  /**
   * Runs the task on each item, in workers.
   *
   * A typed array gives a typed array of its kind. A `SharedArray` or `RawArray` is mapped in place, without its lock: each
   * element is replaced by what the task makes of it, and the array itself is the result; in a thread, a task that changes a
   * live record may return nothing. Processes get copies, and what they return is put into the array here.
   *
   * - **Order**: first come, first served, but for a chunk that is cut and divided anew.
   * - **Failure**: other items run although one failed, unless `failFast` is true. What an array that is mapped in place
   *   held at an item that failed stays.
   * - **Memory**: thousands of numbers go to workers in shared memory, which is kept for the next map, for a second at most.
   *
   * @param fn Takes an item.
   * @param items Read to the end before the first runs.
   * @param options See `MapOptions`.
   * @returns The results, in the order of the items.
   * @throws The error of the first item that failed, once all have ended; with `failFast` the first error that came.
   * @throws What `items` throws when it is read, or `onProgress`. Else as `apply`.
   * @throws {TypeError} If `items` is not iterable, or a result does not fit into the array that is mapped.
   * @throws {RangeError} If `chunkSize` is not an integer >= 1, or not 1 beside a `timeout`.
   *
   * @example
   * ```ts
   * import { SharedArray } from "@interlock/core";
   * import { Pool, task } from "@interlock/pool";
   * import assert from "node:assert/strict";
   *
   * export const half = task(import.meta, "half", (n: number) => n / 2);
   *
   * if (import.meta.main) {
   *   const pool = new Pool({ size: 2 });
   *   assert.deepEqual(await pool.map(half, [2, 4]), [1, 2]);
   *   assert.deepEqual(await pool.map(half, Float32Array.of(1, 3)), Float32Array.of(0.5, 1.5));
   *   const array = new SharedArray("float64", [2, 4]);
   *   assert.equal(await pool.map(half, array), array);
   *   assert.deepEqual([...array], [1, 2]);
   *   await pool.terminate();
   * }
   * ```
   */
  map<T, R, I extends Iterable<T>>(fn: Task<readonly [T], R> | Task<[T], R>, items: I & Iterable<T>, options: MapOptions = {}): Promise<Mapped<I, R>> {
    return this.#map(fn, items, options, false, "map") as Promise<Mapped<I, R>>;
  }

  /**
   * As `map`, with items that are lists of arguments.
   *
   * @example
   * ```ts
   * import { Pool, task } from "@interlock/pool";
   * import assert from "node:assert/strict";
   *
   * export const power = task(import.meta, "power", (base: number, exponent: number) => base ** exponent);
   *
   * if (import.meta.main) {
   *   const pool = new Pool({ size: 1 });
   *   assert.deepEqual(
   *     await pool.starmap(power, [
   *       [2, 3],
   *       [3, 2],
   *     ]),
   *     [8, 9],
   *   );
   *   await pool.terminate();
   * }
   * ```
   */
  starmap<A extends readonly unknown[], R>(fn: Task<A, R>, items: Iterable<Readonly<A>>, options: MapOptions = {}): Promise<Result<R>[]> {
    return this.#map(fn, items, options, true, "starmap") as Promise<Result<R>[]>;
  }

  /**
   * Runs the task on each item, and gives results as they are asked for, in the order of the items.
   *
   * Takes from the source only `bufferSize` items more than results were asked for, so a source without end is welcome, and
   * nothing is taken before the first result is asked for. Leaving the loop closes the source and drops what has not begun.
   *
   * Nothing is lost to an error of the source: the results of all items before it come first.
   *
   * @param fn Takes an item.
   * @param items Anything iterable, also asynchronously.
   * @param options See `ImapOptions`.
   * @returns The results, for `for await`. Their `next()` throws what the next item's call threw, after which they end
   * unless `failFast` is false; what the source threw; else as `apply`.
   * @throws {PoolClosedError} After `close` or `terminate`.
   * @throws `signal.reason`, if `signal` is aborted already.
   * @throws {TypeError} If `fn` is no task, `items` is not iterable, or an option is of another type.
   * @throws {RangeError} If `chunkSize` or `bufferSize` is not an integer >= 1, a chunk is larger than the buffer, or `chunkSize` is
   * not 1 beside a `timeout`.
   *
   * @example
   * ```ts
   * import { Pool, task } from "@interlock/pool";
   * import assert from "node:assert/strict";
   *
   * export const root = task(import.meta, "root", (n: number) => {
   *   if (n < 0) throw new RangeError(`no root of ${n}`);
   *   return Math.sqrt(n);
   * });
   *
   * if (import.meta.main) {
   *   const pool = new Pool({ size: 2 });
   *   const roots = pool.imap(root, [4, -1, 9], { failFast: false });
   *   assert.deepEqual(await roots.next(), { done: false, value: 2 });
   *   await assert.rejects(roots.next(), RangeError);
   *   assert.deepEqual(await roots.next(), { done: false, value: 3 });
   *   await pool.terminate();
   * }
   * ```
   */
  imap<T, R>(
    fn: Task<readonly [T], R> | Task<[T], R>,
    items: Iterable<T> | AsyncIterable<T>,
    options: ImapOptions = {},
  ): AsyncIterableIterator<Result<R>, undefined> {
    return this.#imap(fn, items, options, true, "imap");
  }

  /**
   * As `imap`, in the order in which results come: one that takes long holds up none that came before it.
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
   *   const seen = new Set<number>();
   *   for await (const result of pool.imapUnordered(square, [1, 2, 3])) seen.add(result);
   *   assert.deepEqual(seen, new Set([1, 4, 9]));
   *   await pool.terminate();
   * }
   * ```
   */
  imapUnordered<T, R>(
    fn: Task<readonly [T], R> | Task<[T], R>,
    items: Iterable<T> | AsyncIterable<T>,
    options: ImapOptions = {},
  ): AsyncIterableIterator<Result<R>, undefined> {
    return this.#imap(fn, items, options, false, "imapUnordered");
  }

  /**
   * What it has done so far, and does now. A copy: ask again for later numbers.
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
   *   await pool.map(square, [1, 2, 3]);
   *   const { workers, completed, failed, run } = pool.stats();
   *   assert.deepEqual([workers, completed, failed], [2, 3, 0]);
   *   assert(run.p50 <= run.p99);
   *   await pool.terminate();
   * }
   * ```
   */
  stats(): PoolStats {
    const { statistics, waiting, running } = this.#scheduler;
    const { workers = this.size, busy = Math.min(running, this.size), lost = 0 } = this.#backend.counts ?? {};
    const { completed, failed, run, wait } = statistics;
    const utilization = statistics.utilization(this.size);
    return { workers, busy, lost, waiting, running, completed, failed, run: run.summary(), wait: wait.summary(), utilization };
  }

  /** Takes no more work: calls are rejected with `PoolClosedError` from now on, and what was given is done. Idempotent. */
  close(): void {
    if (this.#state === "running") this.#state = "closed";
  }

  /**
   * Waits until all work is done and the workers have ended. An `imap` that nobody asks for its next result is not waited for.
   *
   * - **Deadlock**: a call that never settles.
   *
   * @throws {Error} If the pool is neither closed nor terminated.
   */
  async join(): Promise<void> {
    if (this.#state === "running") throw new Error(`Cannot join ${this.name} as it is still running: call close() or terminate() first`);
    await this.#scheduler.idle();
    await this.#end();
  }

  /**
   * Ends the workers now: they are asked, and after 100 ms at most made to. Pending work is rejected with `PoolClosedError` at
   * once. Idempotent, also after `join`.
   *
   * - **Failure**: locks that a task holds become abandoned.
   *
   * @returns Resolves when the workers have ended.
   */
  async terminate(): Promise<void> {
    this.#state = "terminated";
    this.#scheduler.abandon(new PoolClosedError(`Cannot finish as ${this.name} was terminated`));
    await this.#end();
  }

  /** Terminates, at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.terminate();
  }

  #end(): Promise<void> {
    this.#state = "terminated";
    disposed(this);
    this.#spare.forget();
    this.#ended ??= this.#backend[Symbol.asyncDispose]().then(() => {
      const termination = topic("interlock.pool.terminate");
      if (termination.hasSubscribers) termination.publish({ pool: this.name });
    });
    return this.#ended;
  }

  #map(fn: unknown, items: Iterable<unknown>, options: MapOptions, spread: boolean, action: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const task = requireTask(fn, action);
      const list = requireItems(items, action);
      const { chunkSize, signal, transfer, failFast = false, onProgress, onReport } = options;
      const timeout = limitOf(options.timeout, action);
      requireChunks(chunkSize, timeout, action);
      // Not before: it reads the items, and takes memory.
      const target = targetOf(list, this.#backend, this.#spare);
      this.#admit(target.length);
      const progress = new Progress(target.length, onProgress);
      if (target.length === 0) {
        progress.end();
        return resolve(target.result());
      }
      const init = { target, task, chunkSize, spread, failFast, progress, onReport, since: this.#scheduler.now, options: { signal, timeout, transfer } };
      const drop = (reason: unknown): void => this.#scheduler.drop((one) => one instanceof RangeJob && one.mapping === mapping, reason);
      const settle = untilAborted(signal, { resolve, reject }, (reason) => mapping.abandon(reason));
      const mapping = new Mapping(init, settle, drop);
      this.#scheduler.submit(new RangeJob(mapping, 0, target.length));
      mapping.begin();
    });
  }

  #imap<R>(fn: unknown, items: unknown, options: ImapOptions, ordered: boolean, action: string): AsyncIterableIterator<Result<R>, undefined> {
    const task = requireTask(fn, action);
    const source: Source = requireSource(items, action);
    const { chunkSize, signal, transfer, failFast = true, onProgress, onReport } = options;
    const timeout = limitOf(options.timeout, action);
    requireChunks(chunkSize, timeout, action);
    const usual = chunkSize === undefined ? BUFFER_PER_WORKER * this.size : 2 * this.size * chunkSize;
    const bufferSize = requireCount(options.bufferSize === undefined ? usual : options.bufferSize, "bufferSize", action);
    if (chunkSize !== undefined && bufferSize < chunkSize) {
      throw new RangeError(`Cannot ${action} as 'bufferSize' must be at least 'chunkSize', which is ${chunkSize}: received ${bufferSize}`);
    }
    this.#refuseUnlessRunning();
    signal?.throwIfAborted();
    const init = { task, source, chunkSize, bufferSize, ordered, failFast, onReport, options: { signal, timeout, transfer } };
    const requireOpen = (): void => {
      if (this.#state === "terminated") throw new PoolClosedError(`Cannot finish as ${this.name} was terminated`);
    };
    return new Stream<Result<R>>({ ...init, requireOpen, progress: new Progress(sizeOf(items), onProgress) }, this.#scheduler);
  }

  #add(task: TaskReference, call: Call): void {
    const open = this.#open;
    if (open !== undefined && open.task === task && this.#scheduler.isLast(open)) {
      open.add(call);
      this.#scheduler.grew();
      return;
    }
    this.#open = new CallsJob(task, [call], this.#scheduler.now, {});
    this.#scheduler.submit(this.#open);
  }

  #admit(calls: number): void {
    this.#refuseUnlessRunning();
    if (this.#scheduler.waiting + calls <= this.#maxQueue) return;
    // Some of those may have a worker by now.
    this.#scheduler.flush();
    const { waiting } = this.#scheduler;
    if (waiting + calls > this.#maxQueue) throw new QueueFullError(`Cannot run as ${waiting} calls wait for ${this.name}, of at most ${this.#maxQueue}`);
  }

  #refuseUnlessRunning(): void {
    if (this.#state !== "running") throw new PoolClosedError(`Cannot run as ${this.name} is ${this.#state}`);
  }
}

/** What ends the workers of a pool that is gone; outside of it, as nothing here may keep the pool. */
function endWhenIdle(scheduler: Scheduler, backend: Backend): () => Promise<void> {
  return async () => {
    await scheduler.idle();
    await backend[Symbol.asyncDispose]();
  };
}
