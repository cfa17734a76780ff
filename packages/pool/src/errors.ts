/**
 * The errors of threads, processes and pools.
 *
 * @module
 */

/** What is known about a child that was lost. */
export interface WorkerLoss {
  /** The exit code, where there is one. */
  readonly exitCode?: number | undefined;
  /** The signal that ended a process. */
  readonly signal?: string | undefined;
  /** The index of the first item of `map` that was in the child's hands. */
  readonly taskIndex?: number | undefined;
  /** The last that a process wrote to its standard error, at most 4 KiB. */
  readonly stderrTail?: string | undefined;
  /** What the child threw and nobody caught. */
  readonly cause?: unknown;
}

/**
 * A worker ended before it delivered the result of a task. The task may have run in part, so it is not run again; the
 * pool replaces the worker and goes on.
 *
 * @example
 * ```ts
 * import { Pool, task, WorkerLostError } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * export const crash = task(import.meta, "crash", () => process.exit(3));
 *
 * if (import.meta.main) {
 *   const pool = new Pool({ size: 1 });
 *   const error = await pool.apply(crash).catch((thrown: unknown) => thrown);
 *   assert(error instanceof WorkerLostError);
 *   assert.equal(error.exitCode, 3);
 *   await pool.terminate();
 * }
 * ```
 */
export class WorkerLostError extends Error {
  override readonly name: string = "WorkerLostError";
  /** The worker's exit code, where it has one. */
  readonly exitCode: number | undefined;
  /** The signal that ended a process. */
  readonly signal: string | undefined;
  /** The index of the first item of `map` that was in the worker's hands. */
  readonly taskIndex: number | undefined;
  /** The last that a process wrote to its standard error, at most 4 KiB; undefined for a thread. */
  readonly stderrTail: string | undefined;

  /** @param loss What is known of the end; its `cause` is what the worker threw and nobody caught. */
  constructor(message: string, loss: WorkerLoss = {}) {
    super(message, loss.cause === undefined ? undefined : { cause: loss.cause });
    this.exitCode = loss.exitCode;
    this.signal = loss.signal;
    this.taskIndex = loss.taskIndex;
    this.stderrTail = loss.stderrTail;
  }
}

/**
 * A pool was asked for work after `close` or `terminate`, or was terminated before the work was done.
 *
 * @example
 * ```ts
 * import { Pool, PoolClosedError, task } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * export const never = task(import.meta, "never", () => new Promise<void>(() => {}));
 *
 * if (import.meta.main) {
 *   const pool = new Pool({ size: 1 });
 *   const pending = assert.rejects(pool.apply(never), PoolClosedError);
 *   await pool.terminate();
 *   await pending;
 *   await assert.rejects(pool.apply(never), PoolClosedError);
 * }
 * ```
 */
export class PoolClosedError extends Error {
  override readonly name: string = "PoolClosedError";
}

/**
 * A pool has as much waiting as its `maxQueue` allows. Nothing of the call was run: make it again later, or use `imap`, which
 * waits.
 *
 * @example
 * ```ts
 * import { Pool, QueueFullError, task } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * export const square = task(import.meta, "square", (n: number) => n * n);
 *
 * if (import.meta.main) {
 *   const pool = new Pool({ size: 1, maxQueue: 2 });
 *   await assert.rejects(pool.map(square, [1, 2, 3]), QueueFullError);
 *   assert.deepEqual(await pool.map(square, [1, 2]), [1, 4]);
 *   await pool.terminate();
 * }
 * ```
 */
export class QueueFullError extends Error {
  override readonly name: string = "QueueFullError";
}

/**
 * A connection cannot do what it was asked to: it is closed, was sent away, goes the other way only, or got a message of
 * another kind. Nothing was sent or received.
 *
 * @example
 * ```ts
 * import { ConnectionError, Pipe } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * const [reader, writer] = Pipe({ duplex: false });
 * assert.throws(() => reader.send(1), new ConnectionError("Cannot send as the connection is read-only"));
 * for (const end of [reader, writer]) end.close();
 * ```
 */
export class ConnectionError extends Error {
  override readonly name: string = "ConnectionError";
}

/**
 * Nobody reads what was to be sent: the other end of the connection was closed, or the thread or process that had it has ended.
 *
 * @example
 * ```ts
 * import { BrokenPipeError, Pipe } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * const [a, b] = Pipe();
 * b.close();
 * assert.throws(() => a.send(1), BrokenPipeError);
 * a.close();
 * ```
 */
export class BrokenPipeError extends Error {
  override readonly name: string = "BrokenPipeError";
}

/**
 * All that was sent has been received, and nothing more comes: the other end of the connection was closed, or the thread or
 * process that had it has ended.
 *
 * @example
 * ```ts
 * import { EOFError, Pipe } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * const [a, b] = Pipe<string>();
 * a.send("last");
 * a.close();
 * assert.equal(await b.recv(), "last");
 * await assert.rejects(b.recv(), EOFError);
 * b.close();
 * ```
 */
export class EOFError extends Error {
  override readonly name: string = "EOFError";
}

/**
 * Bytes did not fit where they were to be received. They are in the error, so none are lost.
 *
 * @example
 * ```ts
 * import { BufferTooShortError, Pipe } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * const [a, b] = Pipe();
 * a.sendBytes(new Uint8Array([1, 2, 3]));
 * const error = await b.recvBytesInto(new Uint8Array(2)).catch((thrown: unknown) => thrown);
 * assert(error instanceof BufferTooShortError);
 * assert.deepEqual(error.bytes, new Uint8Array([1, 2, 3]));
 * for (const end of [a, b]) end.close();
 * ```
 */
export class BufferTooShortError extends Error {
  override readonly name: string = "BufferTooShortError";
  /** The whole message. */
  readonly bytes: Uint8Array;

  constructor(message: string, bytes: Uint8Array) {
    super(message);
    this.bytes = bytes;
  }
}
