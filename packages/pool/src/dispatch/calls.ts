/**
 * Calls that somebody waits for one by one.
 *
 * @module
 */
import type { Batch } from "../batch.ts";
import type { Column } from "../channel/records.ts";
import type { TaskReference } from "../task.ts";
import type { Job, JobOptions, Part } from "./job.ts";
import { transferOf } from "./transfers.ts";

/** The most that travel together: the ring takes so many results one by one, with ease. */
const MOST = 2000;

/** One call. */
export interface Call {
  readonly args: readonly unknown[];
  /** Its index among those of an `imap`. */
  readonly index?: number | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly onReport?: ((value: unknown) => void) | undefined;
}

/** Calls of one task that wait. */
export class CallsJob implements Job {
  readonly task: TaskReference;
  readonly options: JobOptions;
  readonly chunkSize: number | undefined;
  readonly since: number;
  readonly most: number = MOST;
  #calls: Call[];
  #taken = 0;

  constructor(task: TaskReference, calls: Call[], since: number, options: JobOptions, chunkSize?: number) {
    this.task = task;
    this.#calls = calls;
    this.since = since;
    this.options = options;
    this.chunkSize = chunkSize;
  }

  get waiting(): number {
    return this.#calls.length - this.#taken;
  }

  /** Adds a call with the same options. */
  add(call: Call): void {
    this.#calls.push(call);
  }

  take(most: number): CallsPart {
    const first = this.#taken;
    this.#taken = Math.min(this.#calls.length, first + most);
    const part = new CallsPart(this, this.#calls.slice(first, this.#taken));
    // Whoever keeps the job, to add to it, must not keep the arguments and results of calls that are gone.
    if (this.waiting === 0) this.#empty();
    return part;
  }

  giveUp(reason: unknown): void {
    const rest = this.#calls.slice(this.#taken);
    this.#empty();
    for (const { reject } of rest) reject(reason);
  }

  #empty(): void {
    this.#calls = [];
    this.#taken = 0;
  }
}

/** Calls on their way. */
export class CallsPart implements Part {
  readonly batch: Batch;
  readonly transfer: readonly unknown[] | undefined;
  readonly #job: CallsJob;
  readonly #calls: readonly Call[];

  constructor(job: CallsJob, calls: readonly Call[]) {
    this.#job = job;
    this.#calls = calls;
    // A single argument needs no list around it: plain numbers travel fastest.
    const single = calls.every(({ args }) => args.length === 1);
    const items = single ? calls.map(({ args }) => args[0]) : calls.map(({ args }) => args);
    const first = calls[0]?.index;
    this.batch = { task: job.task, count: calls.length, items, spread: !single, eager: true, first };
    // Of one call, all is moved that its caller names: whatever is wrong with it is to be told.
    this.transfer = first === undefined ? job.options.transfer : transferOf(items, job.options.transfer);
  }

  values(from: number, values: Column): void {
    for (let i = 0; i < values.length; i++) this.#calls[from + i]?.resolve(values[i]);
  }

  stored(): void {}

  failed(at: number, error: unknown): void {
    this.#calls[at]?.reject(error);
  }

  report(at: number, value: unknown): void {
    const call = this.#calls[at];
    try {
      call?.onReport?.(value);
    } catch (error) {
      call?.reject(error);
    }
  }

  giveUp(reason: unknown): void {
    for (const { reject } of this.#calls) reject(reason);
  }

  again(from: number, to: number): Job {
    const { task, since, options, chunkSize } = this.#job;
    return new CallsJob(task, this.#calls.slice(from, to), since, options, chunkSize);
  }
}
