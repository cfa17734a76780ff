/**
 * What can come next, what it costs, and what was chosen. Both engines ask here, so both see the same tree.
 *
 * Switching away from a thread that could go on costs 1, and so does an expiry while anything else could move. Deaths
 * and the choice of whom to wake cost nothing.
 *
 * @module
 */
import { EXPIRE, encode, FIRE, KILL, kindOf, RUN, threadOf, WAKE } from "./choice.ts";
import { type Chooser, type Options, PRUNE } from "./chooser.ts";
import { DEAD, IDLE, type Model, READY, type Thread, type Timer, type Waiter } from "./model.ts";

/** Who may die, and how many. */
export interface Deaths {
  readonly threads: readonly number[];
  readonly max: number;
}

/** After so many operations without any change the thread spins, and others must move. */
const PATIENCE = 20;

/** What a spin takes on the virtual clock, in milliseconds: a spin until a deadline must end. */
const SPIN_MS = 1;

export class Scheduler {
  readonly model: Model;
  /** What the thread that was just chosen does first, if its stack is empty. */
  job: Waiter | Timer | undefined;
  /** Hears of what happens to threads while they do nothing. */
  note: ((line: string) => void) | undefined;
  /** The rest of this schedule is known. */
  pruned = false;
  readonly #deaths: Deaths;
  readonly #anyWake: boolean;
  readonly #options: Options = { count: 0, choices: [], costs: [] };
  /** What each option is about. */
  readonly #subjects: (Waiter | Timer | undefined)[] = [];
  /** The choices so far, and what is left of earlier schedules. */
  readonly #path: number[] = [];
  #length = 0;
  #chooser!: Chooser;
  #state: (() => string) | undefined;
  /** Who may go on at no cost. */
  #current: Thread | undefined;
  #used = 0;
  #unchanged = 0;

  constructor(model: Model, deaths: Deaths = { threads: [], max: 0 }, wakes: "fifo" | "any" = "fifo") {
    this.model = model;
    this.#deaths = deaths;
    this.#anyWake = wakes === "any";
  }

  /** Begins a schedule. `state` describes everything that decides what can follow. */
  begin(chooser: Chooser, state?: () => string): void {
    this.model.reset();
    chooser.begin();
    this.#chooser = chooser;
    this.#state = state && (() => `${this.#current?.id}/${this.#unchanged}/${this.model.rescues}/${state()}`);
    this.#length = 0;
    this.job = undefined;
    this.pruned = false;
    this.#current = undefined;
    this.#used = 0;
    this.#unchanged = 0;
  }

  /** The choices so far. */
  get path(): readonly number[] {
    return this.#path.slice(0, this.#length);
  }

  /** An operation was done; `changed` if others could tell. */
  did(changed: boolean): void {
    this.#unchanged = changed ? 0 : this.#unchanged + 1;
  }

  /** Chooses until it is clear which thread moves, and brings about what does not need one. Undefined if none can move. */
  next(): Thread | undefined {
    const { model } = this;
    for (;;) {
      const current = this.#current;
      // Nothing but going on is left to choose: most steps are of this kind.
      if (this.#used === this.#chooser.bound && current?.state === READY && this.#unchanged < PATIENCE && model.deaths >= this.#deaths.max) {
        this.#path[this.#length++] = encode(RUN, current.id, -1);
        this.job = undefined;
        return current;
      }
      this.#list();
      if (this.#options.count === 0) {
        if (!model.rescue()) return undefined;
        this.note?.("all slices expire");
        this.#current = undefined;
        continue;
      }
      const at = this.#choose(this.#state);
      if (at === PRUNE) return undefined;
      const mover = this.#take(this.#options.choices[at] as number, this.#subjects[at]);
      if (mover !== undefined) return mover;
    }
  }

  /** Wakes at most `count` of those who wait at an address; returns how many. */
  notify(address: number, count: number): number {
    const { sleepers } = this.model;
    for (let woken = 0; ; woken++) {
      if (woken >= count) return woken;
      const waiting = sleepers.filter((waiter) => waiter.address === address);
      const first = waiting[0];
      if (first === undefined) return woken;
      // Where all are woken there is nothing to choose.
      const open = this.#anyWake && waiting.length > count - woken;
      this.model.wake(open ? this.#chooseAmong(waiting) : first);
    }
  }

  #chooseAmong(waiting: readonly Waiter[]): Waiter {
    this.#options.count = 0;
    for (const waiter of waiting) this.#offer(WAKE, waiter.thread, waiter.index, 0, waiter);
    const at = this.#choose(undefined);
    this.#path[this.#length++] = this.#options.choices[at] as number;
    return waiting[at] as Waiter;
  }

  #choose(state: (() => string) | undefined): number {
    const at = this.#chooser.choose(this.#options, this.#used, state);
    this.pruned = at === PRUNE;
    if (at >= 0) this.#used += this.#options.costs[at] as number;
    return at;
  }

  /** Brings a choice about; returns the thread that now moves, if it is of that kind. */
  #take(choice: number, subject: Waiter | Timer | undefined): Thread | undefined {
    this.#path[this.#length++] = choice;
    const { model } = this;
    const kind = kindOf(choice);
    const thread = model.threads[threadOf(choice)] as Thread;
    if (kind === EXPIRE || kind === KILL) {
      this.note?.(`thread ${thread.id}: ${kind === KILL ? "dies" : describeExpiry(subject as Waiter)}`);
      if (kind === EXPIRE) model.expire(subject as Waiter);
      else model.kill(thread);
      // Whoever runs next was not preempted by anybody else's choice.
      if (kind === EXPIRE || this.#current === thread) this.#current = undefined;
      return undefined;
    }
    if (kind === FIRE) {
      const timer = subject as Timer;
      model.clock = Math.max(model.clock, timer.deadline);
      model.dropTimer(timer);
      this.job = timer;
    } else {
      this.job = thread.state === IDLE ? thread.jobs.shift() : undefined;
    }
    if (thread !== this.#current) this.#unchanged = 0;
    this.#current = thread;
    return thread;
  }

  /** Lists what can come next, cheapest first. */
  #list(): void {
    const { model } = this;
    const current = this.#current;
    const spins = this.#unchanged >= PATIENCE;
    this.#options.count = 0;
    const goesOn = current !== undefined && !spins && canMove(current);
    if (goesOn) this.#offer(RUN, current, -1, 0, undefined);
    for (const thread of model.threads) if (thread !== current && canMove(thread)) this.#offer(RUN, thread, -1, goesOn ? 1 : 0, undefined);
    // What is left of ended threads still runs, but nobody waits for time to pass.
    if (model.open > 0) this.#listExpiries(this.#options.count > 0 ? 1 : 0);
    if (spins) this.#endSpin(current);
    if (model.open > 0 && this.#options.count > 0 && model.deaths < this.#deaths.max) this.#listDeaths();
  }

  #listExpiries(cost: number): void {
    const { sleepers, timers } = this.model;
    for (const waiter of sleepers) if (!waiter.slice && waiter.deadline < Infinity) this.#offer(EXPIRE, waiter.thread, waiter.index, cost, waiter);
    for (const timer of timers) if (timer.deadline < Infinity && timer.thread.state === IDLE) this.#offer(FIRE, timer.thread, timer.index, cost, timer);
  }

  #listDeaths(): void {
    for (const id of this.#deaths.threads) {
      const thread = this.model.threads[id];
      if (thread !== undefined && !thread.ended && thread.state !== DEAD) this.#offer(KILL, thread, -1, 0, undefined);
    }
  }

  #endSpin(current: Thread | undefined): void {
    this.#unchanged = 0;
    this.model.clock += SPIN_MS;
    if (this.#options.count === 0 && current !== undefined && canMove(current)) this.#offer(RUN, current, -1, 0, undefined);
  }

  #offer(kind: number, thread: Thread, index: number, cost: number, subject: Waiter | Timer | undefined): void {
    if (this.#used + cost > this.#chooser.bound) return;
    const { choices, costs } = this.#options;
    const at = this.#options.count++;
    choices[at] = encode(kind, thread.id, index);
    costs[at] = cost;
    this.#subjects[at] = subject;
  }
}

function describeExpiry({ index, address }: Waiter): string {
  return `${index < 0 ? "wait" : `ticket ${index}`} @${address} expires`;
}

function canMove(thread: Thread): boolean {
  return thread.state === READY || (thread.state === IDLE && thread.jobs.length > 0);
}
