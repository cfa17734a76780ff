/**
 * Past and present of the threads in the replay engine: which of them is on the stack, whether what it does now has been
 * done before, and what becomes of it when another is chosen.
 *
 * @module
 */
import { type Chooser, NondeterminismError } from "./chooser.ts";
import { Coroutine, UNWIND } from "./coroutine.ts";
import { Histories } from "./histories.ts";
import { Log } from "./log.ts";
import { SharedMemory, type Snapshot } from "./memory.ts";
import { Model, type Thread } from "./model.ts";
import { Races } from "./races.ts";
import type { ExploreOptions, FindingKind, Scenario } from "./scenario.ts";
import { Scheduler } from "./scheduler.ts";
import { traceLine } from "./trace.ts";

/** A finding before it is written up. */
export interface Fault {
  readonly kind: FindingKind;
  readonly message: string;
  readonly cause?: unknown;
}

export const DEFAULT_SLICE_MS = 50;
export const DEFAULT_MAX_STEPS = 5000;

export class Timeline {
  readonly memory: SharedMemory;
  readonly model: Model;
  readonly scheduler: Scheduler;
  readonly races: Races | undefined;
  readonly coroutines: readonly Coroutine[];
  /** Operations done, over all schedules. */
  steps = 0;
  fault: Fault | undefined;
  trace: string[] | undefined;
  /** Whose turn it is. */
  me: Coroutine | undefined;
  /** Who was chosen instead of the thread that just left the stack. */
  chosen: Thread | undefined;
  /** Nothing more is to be run in this schedule. */
  over = false;
  /** What is wrong with the explorer's own input. */
  broken: unknown;
  readonly #histories: Histories | undefined;
  readonly #maxSteps: number;
  #stepsBefore = 0;
  /** Where every schedule begins. */
  readonly #initial: Snapshot;
  /** The memory of the present, while a replay uses the buffer. */
  readonly #present: Snapshot;
  /** The memory as a thread leaves it that is being taken off the stack. */
  readonly #left: Snapshot;

  constructor({ threads, bytes, deaths }: Scenario, options: ExploreOptions) {
    const { sliceMs = DEFAULT_SLICE_MS, maxSteps = DEFAULT_MAX_STEPS, cache = false, races = true, wakes } = options;
    this.memory = new SharedMemory(bytes);
    this.model = new Model(threads, sliceMs);
    this.scheduler = new Scheduler(this.model, deaths, wakes);
    this.races = races ? new Races(threads) : undefined;
    this.coroutines = this.model.threads.map((thread) => new Coroutine(thread, new Log(this.memory)));
    this.#histories = cache ? new Histories(this.memory) : undefined;
    this.#maxSteps = maxSteps;
    this.#initial = this.memory.blank();
    this.#present = this.memory.blank();
    this.#left = this.memory.blank();
  }

  /** Makes the memory as it is now the one where every schedule begins. */
  found(): void {
    this.memory.save(this.#initial);
  }

  /** Goes back to the beginning; collects a line for each operation if `trace` is there. */
  begin(chooser: Chooser, trace: string[] | undefined): void {
    this.memory.restore(this.#initial);
    const histories = this.#histories;
    this.scheduler.begin(chooser, histories && (() => histories.describe(this.model, this.coroutines)));
    for (const coroutine of this.coroutines) coroutine.reset();
    this.races?.reset();
    this.fault = undefined;
    this.me = undefined;
    this.chosen = undefined;
    this.over = false;
    this.broken = undefined;
    this.#stepsBefore = this.steps;
    this.trace = trace;
    this.scheduler.note = trace && ((line) => trace.push(line));
  }

  choose(): Thread | undefined {
    let next: Thread | undefined;
    try {
      next = this.scheduler.next();
    } catch (error) {
      if (error instanceof NondeterminismError) this.failNondeterminism(error.message);
      else this.broken = error;
    }
    this.over ||= next === undefined;
    return next;
  }

  fail(kind: FindingKind, message: string, cause?: unknown): void {
    this.fault ??= { kind, message, cause };
    this.over = true;
    if (this.me !== undefined) this.me.unwinding = true;
  }

  failNondeterminism(what: string): void {
    this.fail("nondeterminism", `${what}: usually it keeps state in a module or outside thread(), where each replay finds what the last one left`);
  }

  /** The thread on the stack, unless it is to leave it. */
  onStack(): Coroutine {
    const me = this.me as Coroutine;
    if (me.unwinding) throw UNWIND;
    return me;
  }

  /** Comes before each operation. Returns the thread if it does it now, and undefined if it did it before. */
  arrive(kind: string, address: number): Coroutine | undefined {
    const me = this.onStack();
    const { log, cursor } = me;
    if (cursor < log.length) {
      if (log.kinds[cursor] !== kind || log.addresses[cursor] !== address) this.#strayed(me, kind, address, log.kinds[cursor], log.addresses[cursor]);
      this.recall(me);
      return undefined;
    }
    if (!me.live) {
      if (me.pendingKind !== kind || me.pendingAddress !== address) this.#strayed(me, kind, address, me.pendingKind, me.pendingAddress);
      this.memory.restore(this.#present);
      me.live = true;
    }
    if (me.granted) {
      me.granted = false;
    } else {
      const next = this.choose();
      if (next !== me.thread) {
        this.chosen = next;
        this.suspend(me, kind, address);
      }
    }
    if (!this.count()) throw UNWIND;
    return me;
  }

  /** Counts a step; false if it is one too many. */
  count(): boolean {
    if (++this.steps - this.#stepsBefore <= this.#maxSteps) return true;
    this.fail("steps", `more than ${this.#maxSteps} operations in one schedule: some thread may go round for ever`);
    return false;
  }

  #strayed(me: Coroutine, kind: string, address: number, kindBefore: string | undefined, addressBefore: number | undefined): never {
    this.failNondeterminism(`thread ${me.thread.id} did ${kind} @${address} where it did ${kindBefore ?? "nothing"} @${addressBefore} before`);
    throw UNWIND;
  }

  /** Takes a thread off the stack before an operation, or in the middle of a wait. */
  suspend(me: Coroutine, kind: string, address: number): never {
    me.pendingKind = kind;
    me.pendingAddress = address;
    me.unwinding = true;
    this.memory.save(this.#left);
    throw UNWIND;
  }

  /** A thread that was taken off the stack is off it. What it wrote plainly on the way, in a `catch` or `finally`, never was. */
  suspended(): void {
    this.memory.restore(this.#left);
  }

  /** An operation has its result, and `changed` says whether others can tell. */
  finish(me: Coroutine, kind: string, address: number, result: unknown, changed: boolean): void {
    this.record(me, kind, address, result);
    this.scheduler.did(changed);
  }

  record(me: Coroutine, kind: string, address: number, result: unknown): void {
    const { clock } = this.model;
    me.log.append(kind, address, result, clock);
    me.cursor = me.log.length;
    this.noteSeen(me, kind, address, result);
  }

  /** Where states are compared, what a thread has seen is part of its state. */
  noteSeen(me: Coroutine, kind: string, address: number, result: unknown): void {
    if (this.#histories !== undefined) me.history = this.#histories.extend(me.history, kind, address, result, this.model.clock);
  }

  /** An operation uses these bytes. */
  touch(address: number, length: number): void {
    this.#histories?.touch(address, length);
  }

  /** Writes a line of the trace. */
  tell(thread: number, kind: string, address: number, operands: readonly unknown[], result: unknown): void {
    this.trace?.push(traceLine(thread, kind, address, operands, result));
  }

  /** Begins a replay: the buffer becomes the past's. */
  rewind(me: Coroutine): void {
    this.memory.save(this.#present);
    me.live = false;
    me.cursor = 0;
    this.recall(me);
  }

  /** Puts the memory back as it was right after the next log entry, and goes past that. */
  recall(me: Coroutine): void {
    me.log.recall(me.cursor++);
  }
}
