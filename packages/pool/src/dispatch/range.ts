/**
 * The calls of one `map`: somebody waits for all of them together.
 *
 * @module
 */
import type { Batch } from "../batch.ts";
import type { Column } from "../channel/records.ts";
import type { TaskReference } from "../task.ts";
import type { Job, JobOptions, Part } from "./job.ts";
import type { Progress } from "./progress.ts";
import type { Settle } from "./settle.ts";
import type { Target } from "./target.ts";
import { transferOf } from "./transfers.ts";

/** The most that travel together, unless workers find them by themselves: the rings take so many numbers with ease. */
const MOST = 8000;

/** What the parts of a map have in common. */
export class Mapping {
  readonly target: Target;
  readonly task: TaskReference;
  readonly options: JobOptions;
  readonly chunkSize: number | undefined;
  readonly spread: boolean;
  readonly since: number;
  readonly #onReport: ((value: unknown, index: number) => void) | undefined;
  readonly #failFast: boolean;
  readonly #progress: Progress;
  readonly #settle: Settle;
  readonly #drop: (reason: unknown) => void;
  #open: number;
  #firstError = Infinity;
  #error: unknown;
  #over = false;

  /**
   * @param settle Called once.
   * @param drop Ends the rest, if the map fails before its end.
   */
  constructor(
    init: Pick<Mapping, "target" | "task" | "options" | "chunkSize" | "spread" | "since"> & {
      readonly onReport: ((value: unknown, index: number) => void) | undefined;
      readonly failFast: boolean;
      readonly progress: Progress;
    },
    settle: Settle,
    drop: (reason: unknown) => void,
  ) {
    this.target = init.target;
    this.task = init.task;
    this.options = init.options;
    this.chunkSize = init.chunkSize;
    this.spread = init.spread;
    this.since = init.since;
    this.#onReport = init.onReport;
    this.#failFast = init.failFast;
    this.#progress = init.progress;
    this.#settle = settle;
    this.#drop = drop;
    this.#open = init.target.length;
  }

  /** Whether nobody waits for it any more. */
  get over(): boolean {
    return this.#over;
  }

  /** Reports that nothing is done yet. */
  begin(): void {
    try {
      this.#progress.begin();
    } catch (error) {
      this.abandon(error);
    }
  }

  /** Counts calls that are done, of which so many failed. */
  done(count: number, failed: number = 0): void {
    if (this.#over) return;
    this.#open -= count;
    try {
      this.#progress.add(count, failed);
      if (this.#open > 0) return;
      this.#progress.end();
    } catch (error) {
      this.abandon(error);
      return;
    }
    this.#over = true;
    if (this.#firstError < Infinity) this.#settle.reject(this.#error);
    else this.#settle.resolve(this.target.result());
  }

  failed(index: number, error: unknown): void {
    if (index < this.#firstError) {
      this.#firstError = index;
      this.#error = error;
    }
    if (this.#failFast) {
      this.#progress.count(1, 1);
      this.abandon(error);
    } else this.done(1, 1);
  }

  /** Passes on what a call reports on itself. */
  report(index: number, value: unknown): void {
    if (this.#over) return;
    try {
      this.#onReport?.(value, index);
    } catch (error) {
      this.abandon(error);
    }
  }

  /** Ends it now. */
  abandon(reason: unknown): void {
    if (this.#over) return;
    this.#over = true;
    this.#progress.fail();
    this.#settle.reject(reason);
    this.#drop(reason);
  }
}

/** Calls of a map that follow each other, and wait. */
export class RangeJob implements Job {
  readonly mapping: Mapping;
  #from: number;
  readonly #to: number;

  constructor(mapping: Mapping, from: number, to: number) {
    this.mapping = mapping;
    this.#from = from;
    this.#to = to;
  }

  get task(): TaskReference {
    return this.mapping.task;
  }

  get options(): JobOptions {
    return this.mapping.options;
  }

  get chunkSize(): number | undefined {
    return this.mapping.chunkSize;
  }

  get most(): number {
    return this.mapping.target.placed ? Infinity : MOST;
  }

  get since(): number {
    return this.mapping.since;
  }

  get waiting(): number {
    return this.#to - this.#from;
  }

  take(most: number): RangePart {
    const from = this.#from;
    this.#from = Math.min(this.#to, from + most);
    return new RangePart(this.mapping, from, this.#from);
  }

  giveUp(reason: unknown): void {
    this.#from = this.#to;
    this.mapping.abandon(reason);
  }
}

/** Calls of a map on their way. */
class RangePart implements Part {
  readonly batch: Batch;
  readonly transfer: readonly unknown[] | undefined;
  readonly #mapping: Mapping;
  readonly #first: number;

  constructor(mapping: Mapping, first: number, to: number) {
    const { task, target, spread } = mapping;
    this.#mapping = mapping;
    this.#first = first;
    const count = to - first;
    const place = target.place(first, to);
    this.batch = { task, count, items: place === undefined ? target.items(first, to) : [], spread, eager: false, first, place };
    this.transfer = transferOf(this.batch.items, mapping.options.transfer);
  }

  values(from: number, values: Column): void {
    const { length } = values;
    const refused = this.#mapping.target.put(this.#first + from, values);
    for (const [index, error] of refused ?? []) this.#mapping.failed(index, error);
    this.#mapping.done(length - (refused?.size ?? 0));
  }

  stored(from: number, count: number): void {
    this.#mapping.target.keep(this.#first + from, count);
    this.#mapping.done(count);
  }

  failed(at: number, error: unknown): void {
    this.#mapping.failed(this.#first + at, error);
  }

  report(at: number, value: unknown): void {
    this.#mapping.report(this.#first + at, value);
  }

  giveUp(reason: unknown): void {
    this.#mapping.abandon(reason);
  }

  again(from: number, to: number): Job | undefined {
    return this.#mapping.over ? undefined : new RangeJob(this.#mapping, this.#first + from, this.#first + to);
  }
}
