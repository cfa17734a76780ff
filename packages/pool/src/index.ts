/**
 * Tasks in threads, processes and pools, the same on Node, Deno, Bun and in browsers.
 *
 * @module
 */
export type { Backend, RunOptions } from "./backend.ts";
export type { WorkerFactory } from "./backends/thread.ts";
export type { Batch, BatchResult, Outcome } from "./batch.ts";
export { PoolClosedError, type WorkerLoss, WorkerLostError } from "./errors.ts";
export type { Execution, ExecutionOptions } from "./execution.ts";
export { type ApplyOptions, type MapOptions, Pool, type PoolOptions } from "./pool.ts";
export { Process } from "./process.ts";
export type { ProgressReport } from "./progress.ts";
export { type Task, type TaskReference, task } from "./task.ts";
export { Thread, type ThreadOptions } from "./thread.ts";
export type { ErrorData } from "./transport/error-data.ts";
