/**
 * Values handed from thread to thread, and word of when they are done with.
 *
 * @module
 */
import { TimeoutError } from "./errors.ts";
import type { Handle } from "./handle.ts";
import type { Place } from "./memory.ts";
import { createQueuePlace, openQueuePlace, Queue, type QueueKind, type QueueOptions } from "./queue.ts";
import { type AsyncWaitOptions, throwIfAborted, timeoutOf, type WaitOptions } from "./sys/options.ts";

/**
 * A queue that knows when everything that was put is done with: whoever got an item calls `taskDone` after it.
 *
 * - **Failure**: the item of a thread that died before its `taskDone` stays unfinished; give `join` a timeout where that
 *   may happen.
 *
 * @example
 * ```ts
 * import { JoinableQueue } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const jobs = new JoinableQueue<string>();
 * jobs.put("sweep");
 * assert.equal(jobs.get(), "sweep");
 * assert.equal(jobs.unfinished, 1);
 * jobs.taskDone();
 * jobs.join();
 * assert.equal(jobs.unfinished, 0);
 * ```
 */
export class JoinableQueue<T = unknown> extends Queue<T> {
  /** As `Queue`. */
  constructor(options?: QueueOptions);
  /** @internal */
  constructor(options: QueueOptions | undefined, kind: QueueKind, at?: Place);
  // As that of `Queue`, so that code may be given either class.
  constructor(options?: QueueOptions, _kind: QueueKind = "JoinableQueue", at: Place = createQueuePlace("JoinableQueue", options)) {
    super(options, "JoinableQueue", at);
  }

  /** As {@linkcode Queue.attach}. */
  static override attach<T = unknown>(handle: Handle): JoinableQueue<T> {
    return new JoinableQueue(undefined, "JoinableQueue", openQueuePlace("JoinableQueue", handle));
  }

  protected override get kind(): QueueKind {
    return "JoinableQueue";
  }

  /** How many items were put and are not done with. May be outdated by the time it is read. */
  get unfinished(): number {
    return this.ring.unfinished;
  }

  /**
   * Says that one item that was got is done with.
   *
   * @throws {RangeError} If that is once more than items were put.
   */
  taskDone(): void {
    if (!this.ring.finish()) throw new RangeError("Cannot finish a task of JoinableQueue as all are done: taskDone() was called too many times");
  }

  /**
   * Blocks until everything that was put is done with.
   *
   * @param options How long to wait; for ever if absent.
   * @throws {TimeoutError} If `timeout` passes first.
   * @throws {TypeError} If it would have to wait on a thread that may not block.
   */
  join(options?: WaitOptions): void {
    const timeout = timeoutOf(options, Infinity, "join JoinableQueue");
    if (!this.ring.finished.wait(() => this.unfinished === 0, timeout, "JoinableQueue.join")) throw this.#late(options);
  }

  /**
   * As {@linkcode JoinableQueue.join}, without blocking the thread; keeps the program alive meanwhile.
   *
   * @param options How long to wait, and what ends the wait early.
   * @throws As {@linkcode JoinableQueue.join}; and `signal.reason`, if `signal` aborts first.
   */
  async joinAsync(options?: AsyncWaitOptions): Promise<void> {
    const timeout = timeoutOf(options, Infinity, "join JoinableQueue");
    throwIfAborted(options?.signal);
    if (this.unfinished === 0) return;
    if (!(await this.ring.finished.waitAsync(() => this.unfinished === 0, timeout, options?.signal))) throw this.#late(options);
  }

  #late(options: WaitOptions | undefined): TimeoutError {
    return new TimeoutError(`Cannot join JoinableQueue as ${options?.timeout} ms passed with ${this.unfinished} items unfinished`);
  }
}
