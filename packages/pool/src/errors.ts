/**
 * The errors of threads, processes and pools.
 *
 * @module
 */

/** What is known about a child that was lost. */
export interface WorkerLoss {
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  /** The index of the first item of `map` that was in the child's hands. */
  readonly taskIndex?: number | undefined;
  readonly cause?: unknown;
}

/**
 * A worker ended before it delivered the result of a task. The task may have run in part, so it is not run again; the
 * pool replaces the worker and goes on.
 */
export class WorkerLostError extends Error {
  override readonly name: string = "WorkerLostError";
  /** The worker's exit code, where it has one. */
  readonly exitCode: number | undefined;
  /** The signal that ended a process. */
  readonly signal: string | undefined;
  /** The index of the first item of `map` that was in the worker's hands. */
  readonly taskIndex: number | undefined;

  constructor(message: string, loss: WorkerLoss = {}) {
    super(message, loss.cause === undefined ? undefined : { cause: loss.cause });
    this.exitCode = loss.exitCode;
    this.signal = loss.signal;
    this.taskIndex = loss.taskIndex;
  }
}

/** A pool was asked for work after `close` or `terminate`, or was terminated before the work was done. */
export class PoolClosedError extends Error {
  override readonly name: string = "PoolClosedError";
}
