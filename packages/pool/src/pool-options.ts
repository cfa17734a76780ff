/**
 * How pools and their calls are set up.
 *
 * @module
 */
import type { Backend } from "./backend.ts";
import type { WorkerFactory } from "./backends/thread.ts";
import type { WorkerSettings } from "./backends/worker-settings.ts";
import type { ProgressReport } from "./dispatch/progress.ts";
import type { Task } from "./task.ts";
import type { Transferred } from "./transfer.ts";

/** How a pool is made. */
export interface PoolOptions extends WorkerSettings {
  /** How many workers, >= 1; as many as make progress at once if absent. A `Backend` has its own. */
  readonly size?: number;
  /**
   * What the workers are; threads if absent. Processes crash alone, and start and answer more slowly; arguments and results are
   * copied, and core objects are refused unless processes share their memory. The pool disposes of a `Backend`.
   */
  readonly backend?: "thread" | "process" | Backend;
  /** A name for errors, debuggers and observers; `Pool-1` and so on if absent. Workers are numbered after it. */
  readonly name?: string;
  /** How many calls a worker runs at once, >= 1, if they are asynchronous; 1 if absent. */
  readonly concurrency?: number;
  /**
   * A task that each worker runs before all others; what it leaves in `context().state` is there for them. If it throws in
   * three workers in a row, every call is rejected with that error.
   */
  // biome-ignore lint/suspicious/noExplicitAny: tasks of every signature
  readonly initializer?: Task<any, unknown>;
  /** Arguments of `initializer`; core objects are shared, everything else is cloned. */
  readonly initArgs?: readonly unknown[];
  /** A worker is replaced after so many calls, >= 1, and not after so many chunks; never if absent. */
  readonly maxTasksPerWorker?: number;
  /**
   * A worker whose own heap grows above so many bytes is replaced once it has done what it has; never if absent, or where
   * the runtime does not tell.
   */
  readonly maxMemoryPerWorker?: number;
  /** A worker that had nothing to do for so many milliseconds ends; the next call starts another. Never if absent. */
  readonly idleTimeout?: number;
  /** How many calls may wait for a worker, >= 1; more are refused with `QueueFullError`. Any number if absent. `imap` waits instead. */
  readonly maxQueue?: number;
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
  /**
   * Milliseconds that a call may run, from its beginning. Then it rejects with core's `TimeoutError`, and goes on as after an
   * abort. Each item of a map has its own, and travels alone.
   */
  readonly timeout?: number;
  /**
   * What is moved to the worker instead of cloned, as in `postMessage`: this thread no longer has it. A map moves with each
   * chunk what occurs in its items. A process gets a copy, and takes nothing but `ArrayBuffer`s.
   */
  readonly transfer?: readonly unknown[];
  /** Called with what the task passes to `context().report`, and the index of the item. What it throws rejects the call or map. */
  readonly onReport?: (value: unknown, index: number) => void;
}

/** Settings of `map` and `starmap`. */
export interface MapOptions extends ApplyOptions {
  /**
   * How many items travel together, >= 1; as many as take some milliseconds if absent, fewer towards the end. Chunks of a given size
   * that take next to no time travel several at once.
   */
  readonly chunkSize?: number;
  /** Called at the beginning, at most every 50 ms, and once at the end, however the map ends. What it throws rejects the map. */
  readonly onProgress?: (report: ProgressReport) => void;
  /**
   * Whether the first error is thrown at once, and items that have not begun never do. Else all items run, and then the
   * error of the first item that failed is thrown. `map`: false if absent; `imap`: true.
   */
  readonly failFast?: boolean;
}

/** Settings of `imap` and `imapUnordered`. */
export interface ImapOptions extends MapOptions {
  /** How many items are taken from the source before their results are asked for; 16 for each worker, or two chunks, if absent. */
  readonly bufferSize?: number;
}

/** What a task gives: its promise awaited, its transfer unwrapped. */
export type Result<R> = Awaited<R> extends Transferred<infer T> ? T : Awaited<R>;

/** What `map` gives for its items: shared arrays are mapped in place, typed arrays give typed arrays. */
export type Mapped<I, R> = I extends { readonly handle: unknown } | ArrayBufferView ? I : Result<R>[];
