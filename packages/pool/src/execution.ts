/**
 * One task in a thread or process of its own: what `Thread` and `Process` share.
 *
 * @module
 */
import type { BatchListener } from "./backend.ts";
import type { Batch } from "./batch.ts";
import { requireArgs, requireTimeout } from "./checks.ts";
import { activate, currentProcess } from "./current.ts";
import { entry } from "./entry/url.ts";
import type { Exit, Port, SpawnOptions } from "./runtime/runtime.ts";
import { runtime } from "./runtime/select.ts";
import { requireTask, type Task, type TaskReference } from "./task.ts";
import { refuseOutsideTasks } from "./task-scope.ts";
import { Child } from "./transport/child.ts";
import { lost } from "./transport/loss.ts";
import { refuseBeforehand } from "./transport/pack.ts";

/** Settings of a thread or process. */
export interface ExecutionOptions {
  /** A name for errors and debuggers; `Thread-1` and so on if absent. */
  readonly name?: string;
  /** Whether it ends with the program instead of keeping it alive; as whoever starts it if absent. */
  readonly daemon?: boolean;
  /** Environment variables, added to this program's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of the runtime, in place of this program's. */
  readonly execArgv?: readonly string[];
  /**
   * Limits of a thread's heap and stack, in MB, as `node:worker_threads` names them; Deno and Bun ignore them. Of a process, Node
   * and Deno know `maxOldGenerationSizeMb`.
   */
  readonly resourceLimits?: Readonly<Record<string, number>>;
}

/** Signals that `terminate` and `kill` stand for, as exit codes of threads and processes alike. */
const SIGTERM = -15;
const SIGKILL = -9;

let created = 0;

/** Somebody who waits for the end of a thread or process. */
export interface Watch {
  /** Whether it has ended. */
  readonly ended: boolean;
  /** Waits no longer. */
  stop(): void;
}

/**
 * Calls back once a thread or process has ended; the program stays alive meanwhile. For `wait`.
 *
 * @throws {Error} If it was not started, or is closed.
 */
// biome-ignore lint/suspicious/noExplicitAny: tasks of every signature
export let watchEnd: (one: Execution<any, any>, ended: () => void) => Watch;

/** A task that runs once, in a thread or process of its own. */
export abstract class Execution<A extends readonly unknown[], R> {
  static {
    watchEnd = (one, ended) => one.#watchEnd(ended);
  }

  /** Its name. */
  readonly name: string;
  /** Whether it ends with the program instead of keeping it alive. */
  readonly daemon: boolean;
  /** The line to it, once started. */
  protected port: Port | undefined;
  readonly #reference: TaskReference;
  #args: A | undefined;
  readonly #options: ExecutionOptions;
  readonly #result = Promise.withResolvers<R>();
  #child: Child | undefined;
  /** The exit code that `terminate` or `kill` decided. */
  #stopped: number | undefined;
  #exitCode: number | undefined;
  /** Whether its arguments could not be sent. */
  #refused = false;
  /** Whether the task threw, or its result could not be returned. */
  #threw = false;
  #error: unknown;
  /** How many wait for it. */
  #waiting = 0;
  #closed = false;

  protected constructor(fn: Task<A, R | Promise<R>>, args: A, options: ExecutionOptions, kind: string) {
    this.#reference = requireTask(fn, `create ${kind}`);
    requireArgs(args, `create ${kind}`);
    this.#args = args;
    this.#options = options;
    this.name = options.name ?? `${kind}-${++created}`;
    this.daemon = options.daemon ?? currentProcess().daemon;
    // Whoever wants the result asks for it; a failure that nobody asks for is in `error`.
    this.#result.promise.catch(() => {});
  }

  /** Starts the runtime's thread or process. */
  protected abstract spawn(entry: URL, options: SpawnOptions): Port;

  /** Whether objects in this thread's memory can be shared with it. */
  protected abstract readonly sharesMemory: boolean;

  /**
   * Starts it. Everything is posted at once, so a thread runs also if this one then blocks.
   *
   * @throws {TypeError} If an argument cannot be cloned or shared, with its path; or in a module that a worker is importing.
   * @throws {Error} If it was started before.
   */
  start(): void {
    this.#refuseClosed("start");
    if (this.#child !== undefined) throw new Error(`Cannot start ${this.name} as it was started before`);
    refuseOutsideTasks(`start ${this.name}`);
    const receiver = { name: this.name, crossProcess: !this.sharesMemory };
    const items = [this.#args];
    const batch: Batch = { task: this.#reference, count: 1, items, spread: true, eager: true };
    refuseBeforehand(batch, receiver);
    const child = new Child(() => this.#open(), { ...receiver, start: { daemon: this.daemon } });
    child.dispatch(batch, { listener: this.#listener(child, batch), over: () => {} });
    if (this.#refused) {
      child.kill();
      throw this.#error;
    }
    this.#child = child;
    // What it was given is the child's now.
    this.#args = undefined;
    items.pop();
    activate(this, child.exited);
    child.finish();
    if (this.daemon) child.unref();
    void child.exited.then((exit) => this.#exited(exit));
  }

  /**
   * Waits until it has ended. The program stays alive meanwhile, also for a daemon.
   *
   * @param options `timeout` in milliseconds, `<= 0` does not wait; for ever if absent.
   * @returns true once it has ended, false after the timeout. Never rejects for what the task did; `result` does.
   * @throws {Error} If it was not started.
   * @throws {TypeError} If `timeout` is no number; `RangeError` if it is NaN.
   */
  async join(options?: { readonly timeout?: number }): Promise<boolean> {
    this.#refuseClosed("join");
    const child = this.#started("join");
    const timeout = requireTimeout(options?.timeout, `join ${this.name}`);
    if (timeout <= 0) return !child.alive;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<boolean>((resolve) => {
      if (timeout < Infinity) timer = setTimeout(resolve, timeout, false);
    });
    const joined = await this.#whileAwaited(child, Promise.race([child.exited.then(() => true), late]));
    clearTimeout(timer);
    return joined;
  }

  /**
   * What the task returned. The program stays alive meanwhile, also for a daemon.
   *
   * @throws What the task threw; `WorkerLostError` if it ended without a result; an `Error` if it was not started.
   */
  async result(): Promise<R> {
    return this.#whileAwaited(this.#started("get the result of"), this.#result.promise);
  }

  /**
   * Whether it runs.
   *
   * @throws {Error} After `close`.
   */
  isAlive(): boolean {
    this.#refuseClosed("ask");
    return this.#child?.alive ?? false;
  }

  /** undefined while it runs; 0, 1 after a throw, n after `process.exit(n)`, -15 after `terminate`, -9 after `kill`, -n if signal n ended a process. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** What the task threw, why its result is lost, or what a thread threw after it had returned. */
  get error(): unknown {
    return this.#error;
  }

  /** The thread's or process's number, once started. */
  get id(): number | undefined {
    return this.#child?.id;
  }

  /**
   * Ends it: asks, and after 100 ms at most makes it. Locks that it holds become abandoned.
   *
   * @returns Resolves when it is gone.
   * @throws {Error} If it was not started, or after `close`.
   */
  async terminate(): Promise<void> {
    this.#refuseClosed("terminate");
    const child = this.#started("terminate");
    if (child.alive) this.#stopped ??= SIGTERM;
    await child.terminate();
  }

  /**
   * Ends it at once, without asking.
   *
   * @throws {Error} If it was not started, or after `close`.
   */
  kill(): void {
    this.#refuseClosed("kill");
    const child = this.#started("kill");
    if (child.alive) this.#stopped ??= SIGKILL;
    child.kill();
  }

  /**
   * Declares that it is no longer needed. Afterwards all methods but `close` and `result` throw.
   *
   * @throws {Error} While it runs.
   */
  close(): void {
    if (this.#child?.alive) throw new Error(`Cannot close ${this.name} as it is running: join or terminate it first`);
    this.#closed = true;
  }

  #watchEnd(ended: () => void): Watch {
    this.#refuseClosed("wait for");
    const child = this.#started("wait for");
    let watched = true;
    const watching = child.exited.then(() => {
      if (watched) ended();
    });
    let stop = (): void => {};
    void this.#whileAwaited(child, Promise.race([watching, new Promise<void>((resolve) => (stop = resolve))]));
    return {
      get ended() {
        return !child.alive;
      },
      stop: () => {
        watched = false;
        stop();
      },
    };
  }

  #open(): Port {
    this.port = this.spawn(entry(), { ...this.#options, name: this.name });
    return this.port;
  }

  #started(action: string): Child {
    if (this.#child === undefined) throw new Error(`Cannot ${action} ${this.name} as it was not started`);
    return this.#child;
  }

  #refuseClosed(action: string): void {
    if (this.#closed) throw new Error(`Cannot ${action} ${this.name} as it is closed`);
  }

  /** Nobody waits for a daemon but who asks for it. */
  async #whileAwaited<T>(child: Child, promise: Promise<T>): Promise<T> {
    if (this.#waiting++ === 0) child.ref();
    try {
      return await promise;
    } finally {
      if (--this.#waiting === 0 && this.daemon) child.unref();
    }
  }

  #listener(child: Child, batch: Batch): BatchListener {
    return {
      values: (_, values) => this.#result.resolve(values[0] as R),
      failed: (_, error) => {
        this.#threw = child.alive;
        this.#refused = this.#child === undefined;
        this.#fail(error);
      },
      // It ended before it could begin.
      returned: () => void child.exited.then((exit) => this.#fail(lost(this.name, exit, batch, 0))),
      stored: () => {},
      report: () => {},
      took: () => {},
    };
  }

  #fail(error: unknown): void {
    this.#error = error;
    this.#result.reject(error);
  }

  #exited({ error, code = error === undefined ? 0 : 1, signal }: Exit): void {
    // What was thrown after the task had ended, by a timer it left behind.
    if (error !== undefined && !this.#threw) this.#error ??= error;
    const own = signal !== undefined ? -(runtime().signals[signal] ?? 1) : this.#threw ? code || 1 : code;
    this.#exitCode = this.#stopped ?? own;
  }
}
