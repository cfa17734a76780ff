/**
 * How the workers of a pool live, and how they are started.
 *
 * @module
 */
import type { Initializer } from "../transport/message.ts";

/** How workers live. */
export interface WorkersOptions {
  readonly size: number;
  /** What they are called, before a number. */
  readonly label: string;
  readonly concurrency: number;
  readonly initializer: Initializer | undefined;
  readonly maxTasksPerWorker: number;
  /** In bytes. */
  readonly maxMemoryPerWorker: number;
  /** In milliseconds. */
  readonly idleTimeout: number;
}

/** How workers are started. A runtime ignores what it does not know. */
export interface WorkerSettings {
  /** Environment variables, added to this program's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of the runtime, in place of this program's. */
  readonly execArgv?: readonly string[];
  /**
   * Limits of a thread's heap and stack, in MB, as `node:worker_threads` names them; Deno and Bun ignore them. Of a process, Node
   * and Deno know `maxOldGenerationSizeMb`.
   */
  readonly resourceLimits?: Readonly<Record<string, number>>;
  /** A process's working directory; this program's if absent. */
  readonly cwd?: string;
  /** What runs a process: another runtime, or another version of this one; this program's if absent. It needs all its flags in `execArgv`. */
  readonly execPath?: string;
}
