/**
 * Which batch runs next: first come, first served, never more at once than the backend has slots.
 *
 * @module
 */
import type { Backend, RunOptions } from "./backend.ts";
import type { Batch, BatchResult } from "./batch.ts";
import type { PoolClosedError } from "./errors.ts";

interface Queued {
  readonly start: () => void;
  readonly giveUp: (reason: unknown) => void;
}

/** The queue in front of a backend. */
export class Scheduler {
  readonly #backend: Backend;
  readonly #queue = new Set<Queued>();
  /** What rejects each batch that has a slot. One that was aborted has it until the backend lets go. */
  readonly #running = new Set<(error: unknown) => void>();
  #idle: (() => void)[] = [];

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /**
   * Runs a batch when a slot is free. Rejects with `signal.reason` at once on abort, waiting or running.
   *
   * @param drop Takes the batch back while it waits, and leaves it alone once it runs.
   */
  submit(batch: Batch, options: RunOptions, drop?: AbortSignal): Promise<BatchResult> {
    const { promise, resolve, reject } = Promise.withResolvers<BatchResult>();
    const { signal } = options;
    const leaveQueue = (): void => {
      this.#queue.delete(queued);
      drop?.removeEventListener("abort", onDrop);
    };
    const giveUp = (reason: unknown): void => {
      leaveQueue();
      reject(reason);
      this.#checkIdle();
    };
    const onAbort = (): void => giveUp(signal?.reason);
    const onDrop = (): void => giveUp(drop?.reason);
    const start = (): void => {
      leaveQueue();
      this.#running.add(reject);
      // A backend may throw here and now.
      new Promise<BatchResult>((settle) => settle(this.#backend.run(batch, options))).then(resolve, reject).finally(() => {
        this.#running.delete(reject);
        this.#next();
      });
    };
    const queued: Queued = { start, giveUp };
    this.#queue.add(queued);
    signal?.addEventListener("abort", onAbort);
    drop?.addEventListener("abort", onDrop);
    this.#next();
    return promise.finally(() => signal?.removeEventListener("abort", onAbort));
  }

  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void> {
    if (this.#queue.size === 0 && this.#running.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Rejects everything that runs or waits. */
  abandon(error: PoolClosedError): void {
    for (const { giveUp } of this.#queue) giveUp(error);
    for (const reject of this.#running) reject(error);
  }

  #next(): void {
    for (const queued of this.#queue) {
      if (this.#running.size >= this.#backend.slots) return;
      queued.start();
    }
    this.#checkIdle();
  }

  #checkIdle(): void {
    if (this.#queue.size > 0 || this.#running.size > 0) return;
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }
}
