/**
 * One batch in a worker: claims its calls, and runs them.
 *
 * @module
 */
import { Claims, grainOf } from "../channel/claims.ts";
import type { Column } from "../channel/records.ts";
import type { TaskContext } from "../context.ts";
import type { ChildLog } from "../runtime/runtime.ts";
import type { RunningCall } from "../task-scope.ts";
import type { Assignment } from "./assignment.ts";
import { type AnyFunction, holdsBigInts, isThenable, type NumberArray, runItems, runNumbers } from "./loops.ts";
import type { Outbox } from "./outbox.ts";
import { MOST_CLAIMED, MOST_NOTED, Pace } from "./pace.ts";
import { Results } from "./results.ts";

/** All calls that were claimed have run, and their results are kept. */
const NOTHING_LEFT: unique symbol = Symbol();

const NOTHING: readonly unknown[] = [];

/** What all batches of a worker have in common. */
export interface Workshop {
  readonly outbox: Outbox;
  /** Where a process notes what it begins; threads have claims. */
  readonly log: ChildLog | undefined;
  /** How many calls may run at once. */
  readonly concurrency: number;
  readonly workerId: number;
  readonly state: Record<PropertyKey, unknown>;
  /** Ends this worker if it was asked to leave: no message of that is heard between calls that block. */
  readonly checkpoint: () => void;
}

/** How a call that has not settled is looked after. */
export interface Care {
  /** Is given what has not settled. */
  readonly hold: (unsettled: PromiseLike<unknown>) => void;
  /** Called when it has, with how long that took. */
  readonly settled: (milliseconds: number) => void;
  /** Runs a call so that its code is known by what is given; for several calls at once. */
  readonly runAs: ((call: object, run: () => unknown) => unknown) | undefined;
}

/** A batch that is being run. */
export class Work implements RunningCall {
  readonly assignment: Assignment;
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
  readonly #results: Results;
  readonly #pace: Pace;
  /** What its loop was called with. */
  #call: readonly unknown[] = NOTHING;
  #next = 0;
  #claimed = 0;
  #limit: number;
  #unsettled = 0;
  #exhausted = false;
  #abort: AbortController | undefined;

  constructor(assignment: Assignment, slot: number, claims: Claims | undefined, shop: Workshop) {
    const { count, numbers } = assignment;
    this.assignment = assignment;
    this.#slot = slot;
    this.#claims = slot < 0 ? undefined : claims;
    this.#progress = this.#claims?.words ?? new Int32Array(1);
    this.#progressAt = this.#claims === undefined ? 0 : Claims.progressAt(slot);
    this.#grain = grainOf(count);
    this.#shop = shop;
    this.#pace = new Pace(shop.log === undefined ? MOST_CLAIMED : MOST_NOTED);
    this.#limit = count;
    this.#results = new Results(assignment, shop.outbox);
    this.#items = numbers?.input ?? assignment.items;
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
        this.#results.fail(this.#running, error);
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
      this.#results.succeed(this.#running, result, this.#next);
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
    if (numbers !== undefined && this.#results.inPlace) {
      const other: unknown[] = [];
      const { input, output } = numbers as { input: NumberArray; output: NumberArray };
      const stop = this.#loop(runNumbers, [task, input, output, this.#next, this.#claimed, this.#progress, this.#progressAt, other]);
      return stop === this.#claimed ? NOTHING_LEFT : other[0];
    }
    const { list } = this.#results;
    const stop = this.#loop(runItems, [task, this.#items, list, this.#next, this.#claimed, this.#progress, this.#progressAt]);
    return stop === this.#claimed ? NOTHING_LEFT : list[stop];
  }

  /**
   * Calls a loop from an array that lasts, so that no engine puts the loop in here. V8 does as soon as it compiles this at all: then
   * the loop is what its middle compiler makes of it, a third slower than the loop's own code is by then, until this has run some ten
   * thousand times.
   */
  #loop<A extends readonly unknown[]>(loop: (...args: A) => number, args: A): number {
    this.#call = args;
    return Reflect.apply(loop, undefined, this.#call as A & unknown[]);
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
      this.#results.leaveChannel();
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
    if (this.#pace.endBlock(this.#next)) this.#flush();
    const { atOnce } = this.#pace;
    const { count } = this.assignment;
    const free = this.#limit - this.#claimed;
    const claimed = this.#claims === undefined ? Math.min(atOnce, free) : this.#claims.claim(this.#slot, Math.ceil(atOnce / this.#grain)) * this.#grain;
    if (claimed <= 0) {
      this.#exhausted = true;
      this.#checkDone();
      return false;
    }
    this.#pace.beginBlock(this.#next);
    this.#claimed = Math.min(count, this.#claimed + claimed);
    this.#shop.log?.note(this.assignment.id, this.#claimed);
    return true;
  }

  #await(i: number, result: Promise<unknown>, { hold, settled }: Care): void {
    this.#unsettled++;
    hold(result);
    const began = performance.now();
    const ended = (): void => {
      const took = performance.now() - began;
      this.#unsettled--;
      // What waits beside others is no part of the time between two claims.
      if (this.#shop.concurrency > 1) this.#pace.spent += took;
      this.#checkDone();
      settled(took);
    };
    result.then(
      (value) => {
        this.#results.succeed(i, value, this.#next);
        ended();
      },
      (error: unknown) => {
        this.#results.fail(i, error);
        ended();
      },
    );
  }

  #flush(): void {
    this.#pace.woke();
    this.#results.flush();
  }

  #checkDone(): void {
    if (!this.#exhausted || this.#unsettled > 0) {
      this.#flush();
      return;
    }
    // Without claims the parent does not know which calls an abort has dropped.
    if (this.#claims === undefined && this.#limit < this.assignment.count) this.#results.drop(this.#limit, this.#controller().signal.reason);
    this.#results.end(this.#next, this.#pace.spent / Math.max(1, this.#next));
    this.#forget();
  }

  /** The worker keeps what it ran last, for code that a task left behind: without what the task was given. */
  #forget(): void {
    const { assignment } = this;
    assignment.items = this.#items = this.#call = NOTHING;
    assignment.numbers = assignment.elements = undefined;
  }
}
