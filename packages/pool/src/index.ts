/**
 * Tasks in threads, processes and pools, the same on Node, Deno, Bun and in browsers.
 *
 * @module
 */
export type { Backend, BatchListener, RunOptions } from "./backend.ts";
export type { WorkerFactory } from "./backends/thread.ts";
export type { WorkerSettings } from "./backends/worker-settings.ts";
export type { Batch, BatchResult, Outcome, Place } from "./batch.ts";
export type { Column, TypedArray } from "./channel/records.ts";
export { type Bytes, Connection, type SendOptions } from "./connection/connection.ts";
export { Pipe, type PipeOptions } from "./connection/pipe.ts";
export { context, type TaskContext } from "./context.ts";
export { activeChildren, type CurrentProcess, cpuCount, currentProcess, type ParentProcess, parentProcess } from "./current.ts";
export type { HistogramSummary } from "./dispatch/histogram.ts";
export type { ProgressReport } from "./dispatch/progress.ts";
export type { PoolStats } from "./dispatch/statistics.ts";
export {
  BrokenPipeError,
  BufferTooShortError,
  ConnectionError,
  EOFError,
  PoolClosedError,
  QueueFullError,
  type WorkerLoss,
  WorkerLostError,
} from "./errors.ts";
export type { BatchEvent, PoolEvents } from "./events.ts";
export type { Execution, ExecutionOptions } from "./execution.ts";
export { Pool } from "./pool.ts";
export type { ApplyOptions, ImapOptions, MapOptions, Mapped, PoolOptions, Result } from "./pool-options.ts";
export { Process, type ProcessOptions } from "./process.ts";
export { registerError } from "./register-error.ts";
export type { StdioOption } from "./runtime/runtime.ts";
export { superviseWorker } from "./supervise.ts";
export { type Task, type TaskReference, task } from "./task.ts";
export { Thread, type ThreadOptions } from "./thread.ts";
export { Transferred, transfer } from "./transfer.ts";
export type { ErrorData } from "./transport/error-data.ts";
export { type Waitable, wait } from "./wait.ts";
