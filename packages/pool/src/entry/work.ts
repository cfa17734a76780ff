/**
 * One batch in a worker: claims its calls, runs them, tells of them.
 *
 * @module
 */
import type { Outcome } from "../batch.ts";
import { Claims, grainOf } from "../channel/claims.ts";
import type { Column } from "../channel/records.ts";
import type { TaskContext } from "../context.ts";
import type { ChildLog } from "../runtime/runtime.ts";
import type { TaskReference } from "../task.ts";
import type { RunningCall } from "../task-scope.ts";
import { toErrorData } from "../transport/error-data.ts";
import { type AnyFunction, holdsBigInts, isThenable, type NumberArray, runItems, runNumbers } from "./loops.ts";
import type { Outbox, Parcel } from "./outbox.ts";
import type { Elements, Numbers } from "./place.ts";

/** What is claimed at once takes about this long, so that a claim costs nothing and the parent may take back the rest. */
const CLAIM_MS = 0.05;
const MOST_CLAIMED = 1 << 16;

/** The parent is woken for results that others of the batch would hold up longer than this. */
const WAKE_MS = 1;

/** All calls that were claimed have run, and their results are kept. */
const NOTHING_LEFT: unique symbol = Symbol();

/** What is to be run. */
export interface Assignment {
  readonly id: number;
  readonly task: TaskReference;
  readonly count: number;
  readonly items: Column;
  readonly spread: boolean;
  readonly eager: boolean;
  readonly timed: boolean;
  /** Whether it came through the channel, and not by message. */
  readonly byChannel: boolean;
  /** Where items and results are, if not in `items`. */
  readonly numbers?: Numbers | undefined;
  readonly elements?: Elements | undefined;
}

/** What all batches of a worker have in common. */
export interface Workshop {
  readonly outbox: Outbox;
  /** Where a process notes what it begins; threads have claims. */
  readonly log: ChildLog | undefined;
  /** How many calls may run at once. */
  readonly concurrency: number;
  readonly workerId: number;
  readonly state: Record<PropertyKey, unknown>;
}

/** How a call that has not settled is looked after. */
export interface Care {
  /** Is given what has not settled. */
  readonly hold: (unsettled: PromiseLike<unknown>) => void;
  /** Called when it has. */
  readonly settled: () => void;
  /** Runs a call so that its code is known by what is given; for several calls at once. */
  readonly runAs: ((call: object, run: () => unknown) => unknown) | undefined;
}

/** A batch that is being run. */
export class Work implements RunningCall {
  assignment: Assignment;
  /** The task's function, once it is found. */
  task: AnyFunction | undefined;
  /** Why it was not. */
  missing: unknown;
  readonly #shop: Workshop;
  readonly #claims: Claims | undefined;
  readonly #slot: number;
  /** Where PROGRESS is. */
  readonly #progress: Int32Array;
  readonly #progressAt: number;
  readonly #grain: number;
  #items: Column;
  #results: unknown[];
  /** Whether the results are where they belong. */
  #inPlace: boolean;
  /** Errors of calls whose results are told of together. */
  #errors: Map<number, unknown> | undefined;
  /** Outcomes that go by message, and the index of the first. */
  #pending: Outcome[] = [];
  #pendingFrom = 0;
  #next = 0;
  #claimed = 0;
  #limit: number;
  /** How many calls are claimed at once. */
  #atOnce = 1;
  #unsettled = 0;
  #exhausted = false;
  #spent = 0;
  #blockStart = 0;
  #blockFrom = 0;
  #lastWake = 0;
  #abort: AbortController | undefined;
  /** Whether results may go by the channel. Reports are messages, which they would overtake. */
  #byChannel: boolean;

  constructor(assignment: Assignment, slot: number, claims: Claims | undefined, shop: Workshop) {
    const { count, eager, numbers, elements } = assignment;
    this.assignment = assignment;
    this.#slot = slot;
    this.#claims = slot < 0 ? undefined : claims;
    this.#progress = this.#claims?.words ?? new Int32Array(1);
    this.#progressAt = this.#claims === undefined ? 0 : Claims.progressAt(slot);
    this.#grain = grainOf(count);
    this.#byChannel = assignment.byChannel;
    this.#shop = shop;
    this.#limit = count;
    this.#inPlace = numbers !== undefined || elements !== undefined;
    this.#items = numbers === undefined ? assignment.items : numbers.input.subarray(numbers.from, numbers.from + count);
    this.#results = eager || this.#inPlace ? [] : new Array(count);
  }

  /** Whether no call is left to begin. */
  get exhausted(): boolean {
    return this.#exhausted;
  }

  /**
   * Begins the next call, and all after it that end at once.
   *
   * @returns Whether a call was begun that has not settled; else no call is left to begin.
   */
  advance(care: Care): boolean {
    const { spread, timed, eager, elements, numbers } = this.assignment;
    const bigInts = numbers !== undefined && holdsBigInts(numbers.output);
    const many = !spread && !timed && !eager && elements === undefined && !bigInts && this.missing === undefined && care.runAs === undefined;
    while (this.#next < this.#claimed || this.#claim()) {
      let result: unknown;
      let waits: boolean;
      try {
        result = many ? this.#runMany() : this.#runOne(care);
        waits = isThenable(result);
      } catch (error) {
        this.#fail(this.#running, error);
        continue;
      } finally {
        this.#next = this.#running + 1;
      }
      if (result === NOTHING_LEFT) continue;
      if (waits) {
        // Not everything that can be awaited keeps the promises of a promise.
        this.#await(this.#running, Promise.resolve(result), care);
        return true;
      }
      this.#succeed(this.#running, result);
    }
    return false;
  }

  /** Its task is looked for, or was found: if that ends the worker, it must not be tried in another, and so on without end. */
  set seeking(seeking: boolean) {
    this.#progress[this.#progressAt] = seeking ? this.assignment.count : 0;
    this.#shop.log?.note(this.assignment.id, seeking ? this.assignment.count : 0);
  }

  /** Nobody waits for it any more. */
  abort(reason: unknown): void {
    this.#limit = this.#claimed;
    this.#controller().abort(reason);
  }

  context(): TaskContext {
    return this.#contextOf(this.#running);
  }

  /** The call that runs, or ran last. */
  get #running(): number {
    return (this.#progress[this.#progressAt] as number) - 1;
  }

  /** Runs what is claimed; returns what the first call gave that is not kept yet, if one did. */
  #runMany(): unknown {
    const { numbers } = this.assignment;
    const task = this.task as AnyFunction;
    if (numbers !== undefined && this.#inPlace) {
      const other: unknown[] = [];
      const { input, output, from } = numbers;
      const stop = runNumbers(task, input as NumberArray, output as NumberArray, from, this.#next, this.#claimed, this.#progress, this.#progressAt, other);
      return stop === this.#claimed ? NOTHING_LEFT : other[0];
    }
    const stop = runItems(task, this.#items, this.#results, this.#next, this.#claimed, this.#progress, this.#progressAt);
    return stop === this.#claimed ? NOTHING_LEFT : this.#results[stop];
  }

  #runOne({ runAs }: Care): unknown {
    const { spread, elements, timed, id } = this.assignment;
    const i = this.#next;
    this.#progress[this.#progressAt] = i + 1;
    if (timed) this.#shop.outbox.send({ kind: "begun", id });
    if (this.missing !== undefined) throw this.missing;
    const task = this.task as AnyFunction;
    const item = elements === undefined ? this.#items[i] : elements.get(i);
    const run = (): unknown => (spread ? task(...(item as unknown[])) : task(item));
    return runAs === undefined ? run() : runAs({ context: () => this.#contextOf(i) } satisfies RunningCall, run);
  }

  #contextOf(at: number): TaskContext {
    const { workerId, state, outbox } = this.#shop;
    const controller = this.#controller();
    // A task that never awaits gets no message.
    if (!controller.signal.aborted && this.#claims?.aborted(this.#slot)) controller.abort();
    const report = (value: unknown): void => {
      this.#byChannel = false;
      outbox.report(this.assignment.id, this.assignment.task, at, value);
    };
    return { signal: controller.signal, report, workerId, state };
  }

  #controller(): AbortController {
    this.#abort ??= new AbortController();
    return this.#abort;
  }

  /** Claims the next calls; false if there are none. */
  #claim(): boolean {
    this.#endBlock();
    const { count } = this.assignment;
    const free = this.#limit - this.#claimed;
    const claimed =
      this.#claims === undefined ? Math.min(this.#atOnce, free) : this.#claims.claim(this.#slot, Math.ceil(this.#atOnce / this.#grain)) * this.#grain;
    if (claimed <= 0) {
      this.#exhausted = true;
      this.#checkDone();
      return false;
    }
    this.#blockFrom = this.#next;
    this.#claimed = Math.min(count, this.#claimed + claimed);
    this.#shop.log?.note(this.assignment.id, this.#claimed);
    return true;
  }

  /** Measures what was claimed last, which decides how much is claimed next. */
  #endBlock(): void {
    const now = performance.now();
    const calls = this.#next - this.#blockFrom;
    if (calls > 0) {
      const spent = now - this.#blockStart;
      this.#spent += spent;
      if (spent < CLAIM_MS) this.#atOnce = Math.min(this.#atOnce * 4, MOST_CLAIMED);
      else this.#atOnce = Math.max(1, Math.floor((calls * CLAIM_MS) / spent));
      if (now - this.#lastWake > WAKE_MS) this.#flush(now);
    } else this.#lastWake = now;
    this.#blockStart = now;
  }

  #await(i: number, result: Promise<unknown>, { hold, settled }: Care): void {
    this.#unsettled++;
    hold(result);
    const began = performance.now();
    const ended = (): void => {
      this.#unsettled--;
      // What waits beside others is no part of the time between two claims.
      if (this.#shop.concurrency > 1) this.#spent += performance.now() - began;
      this.#checkDone();
      settled();
    };
    result.then(
      (value) => {
        this.#succeed(i, value);
        ended();
      },
      (error: unknown) => {
        this.#fail(i, error);
        ended();
      },
    );
  }

  #succeed(i: number, value: unknown): void {
    const { eager, task, elements, numbers, count } = this.assignment;
    if (elements !== undefined) {
      try {
        elements.set(i, value);
      } catch (error) {
        this.#fail(i, error);
      }
    } else if (eager) {
      // A call alone is told of when the batch is done, which is now.
      if (this.#byChannel && count > 1 && this.#shop.outbox.eager(task, value)) this.#shop.outbox.values(this.#parcel(i, false), [value]);
      else this.#later(i, { ok: true, value });
    } else if (this.#inPlace && numbers !== undefined && isNumeric(value, numbers)) (numbers.output as Float64Array)[numbers.from + i] = value as number;
    else {
      this.#leavePlace();
      this.#results[i] = value;
    }
  }

  /** A result does not fit where the others are: from now on all of the batch are kept here. */
  #leavePlace(): void {
    if (!this.#inPlace) return;
    this.#inPlace = false;
    const { output, from } = this.assignment.numbers as Numbers;
    for (let i = 0; i < this.#next; i++) this.#results[i] = output[from + i];
  }

  #fail(i: number, error: unknown): void {
    if (this.assignment.eager) this.#later(i, { ok: false, error: toErrorData(error) });
    else {
      this.#errors ??= new Map();
      this.#errors.set(i, error);
    }
  }

  /** Outcomes that follow each other go together. */
  #later(i: number, outcome: Outcome): void {
    if (this.#pendingFrom + this.#pending.length !== i) this.#sendPending();
    if (this.#pending.length === 0) this.#pendingFrom = i;
    this.#pending.push(outcome);
  }

  #sendPending(last: boolean = false): void {
    const pending = this.#pending;
    if (pending.length === 0) return;
    this.#pending = [];
    const parcel = this.#parcel(this.#pendingFrom, last);
    const { outbox } = this.#shop;
    if (pending.every((one) => one.ok)) {
      outbox.values(
        parcel,
        pending.map((one) => (one.ok ? one.value : undefined)),
      );
    } else outbox.outcomes(parcel, pending);
  }

  #flush(now: number): void {
    this.#lastWake = now;
    this.#sendPending();
    this.#shop.outbox.wake();
  }

  #checkDone(): void {
    const { outbox } = this.#shop;
    if (!this.#exhausted || this.#unsettled > 0) {
      this.#flush(performance.now());
      return;
    }
    this.#tellDropped();
    if (!this.assignment.eager) this.#tellAll();
    else if (this.#pending.length > 0) this.#sendPending(true);
    else outbox.stored(this.#parcel(0, true), 0);
    outbox.wake();
    this.#forget();
  }

  /** The worker keeps what it ran last, for code that a task left behind: without what the task was given and returned. */
  #forget(): void {
    this.assignment = { ...this.assignment, items: [], numbers: undefined, elements: undefined };
    this.#items = [];
    this.#results = [];
    this.#errors = undefined;
  }

  /** Without claims the parent does not know which calls an abort has dropped. */
  #tellDropped(): void {
    const { count } = this.assignment;
    if (this.#claims !== undefined || this.#limit === count) return;
    const error = toErrorData(this.#controller().signal.reason);
    const dropped = Array.from({ length: count - this.#limit }, (): Outcome => ({ ok: false, error }));
    this.#shop.outbox.outcomes(this.#parcel(this.#limit, false), dropped);
  }

  /** Tells of all results at once. */
  #tellAll(): void {
    const { outbox } = this.#shop;
    const count = this.#next;
    const parcel = this.#parcel(0, true);
    if (this.#errors !== undefined) outbox.outcomes(parcel, this.#outcomes(count));
    else if (this.#inPlace) outbox.stored(parcel, count);
    else outbox.values(parcel, count === this.#results.length ? this.#results : this.#results.slice(0, count));
  }

  #outcomes(count: number): Outcome[] {
    const { elements, numbers } = this.assignment;
    return Array.from({ length: count }, (_, i) => {
      if (this.#errors?.has(i)) return { ok: false, error: toErrorData(this.#errors.get(i)) };
      if (elements !== undefined) return { ok: true, value: elements.get(i) };
      return { ok: true, value: this.#inPlace && numbers !== undefined ? numbers.output[numbers.from + i] : this.#results[i] };
    });
  }

  #parcel(from: number, last: boolean): Parcel {
    const { id, task } = this.assignment;
    return { id, task, byChannel: this.#byChannel, from, last, cost: last ? this.#spent / Math.max(1, this.#next) : 0 };
  }
}

/** Whether a result is one of the numbers that a typed array holds. */
function isNumeric(value: unknown, { output }: Numbers): boolean {
  return holdsBigInts(output) ? typeof value === "bigint" : typeof value === "number";
}
