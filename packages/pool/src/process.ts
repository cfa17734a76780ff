/**
 * A task in an OS process of its own.
 *
 * @module
 */
import { Execution, type ExecutionOptions } from "./execution.ts";
import type { Port, SpawnOptions, StdioOption } from "./runtime/runtime.ts";
import { runtime } from "./runtime/select.ts";
import type { Task } from "./task.ts";

/** Settings of a process. */
export interface ProcessOptions extends ExecutionOptions {
  /** Its working directory; this program's if absent. */
  readonly cwd?: string;
  /** What runs it: another runtime, or another version of this one; this program's if absent. It needs all its flags in `execArgv`. */
  readonly execPath?: string;
  /** What becomes of what it prints: `"inherit"`, as if this program had printed it; `"ignore"`; or `"pipe"`, to `stdout` and `stderr`. */
  readonly stdio?: StdioOption;
}

/**
 * A task in an OS process of its own. Same members as `Thread`.
 *
 * Arguments are copied. A core object can be passed only if its memory is shared between processes; any other throws a
 * `TypeError` that names it.
 *
 * - **Start**: on Deno, it starts only once this thread returns to its event loop.
 * - **Signals**: it ignores SIGINT, which a terminal sends to all processes at once: whoever started it ends it. `terminate`
 *   sends SIGTERM, and SIGKILL 100 ms later.
 * - **Orphans**: none outlives the program that started it, even if that is killed and the child spins.
 * - **Flags**: it runs with those of this program; on Deno with all permissions and with none of its flags. `execArgv` replaces them.
 *
 * @example
 * ```ts
 * import { Process, task } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * export const square = task(import.meta, "square", (n: number) => n * n);
 *
 * if (import.meta.main) {
 *   const child = new Process(square, [12]);
 *   child.start();
 *   assert.equal(await child.result(), 144);
 * }
 * ```
 */
export class Process<A extends readonly unknown[], R> extends Execution<A, R> {
  protected override readonly sharesMemory = false;

  /**
   * @param fn A task.
   * @param args Its arguments.
   * @throws {TypeError} If `fn` is no task.
   */
  constructor(fn: Task<A, R | Promise<R>>, args: A = [] as unknown as A, options: ProcessOptions = {}) {
    super(fn, args, options, "Process");
  }

  /** The process's number, once started. */
  get pid(): number | undefined {
    return this.id;
  }

  /** What it prints, if `stdio` is `"pipe"`; undefined before its start. Whoever asks for it reads it, or it may have to wait. */
  get stdout(): AsyncIterable<Uint8Array> | undefined {
    return this.port?.stdout;
  }

  /** What it prints as errors, if `stdio` is `"pipe"`. */
  get stderr(): AsyncIterable<Uint8Array> | undefined {
    return this.port?.stderr;
  }

  protected override spawn(entry: URL, options: SpawnOptions): Port {
    const { spawnProcess, name } = runtime();
    if (spawnProcess === undefined) throw new TypeError(`Cannot start ${this.name} as ${name} has no processes: use a Thread`);
    return spawnProcess(entry, options);
  }
}
