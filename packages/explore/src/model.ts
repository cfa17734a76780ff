/**
 * What the threads share beside memory: who sleeps where, which timers run, what time it is, who is dead.
 *
 * Both engines keep this state; neither the choice of what comes next nor the way a thread is run is decided here.
 *
 * @module
 */

/** How a wait ends. */
export type WaitResult = "ok" | "not-equal" | "timed-out";

/** Can go on: it has not begun, is about to do an operation, or was woken. */
export const READY = 0;
/** Inside a blocking wait. */
export const ASLEEP = 1;
/** Its stack is empty: only a job can move it. */
export const IDLE = 2;
/** Killed: it never runs again. */
export const DEAD = 3;

/** A simulated thread. */
export interface Thread {
  readonly id: number;
  state: typeof READY | typeof ASLEEP | typeof IDLE | typeof DEAD;
  /** Its function returned, or its promise settled. */
  ended: boolean;
  /** How the blocking wait from which it has yet to return ended. */
  woken: WaitResult | undefined;
  /** Settled async waits, and ticks of slices, whose continuations have yet to run, first come first. */
  readonly jobs: (Waiter | Timer)[];
}

/** A thread asleep in `wait`, or a ticket of `waitAsync`: both queue in the same line. */
export interface Waiter {
  readonly thread: Thread;
  /** Which ticket of its thread this is; -1 for a blocking wait. */
  readonly index: number;
  readonly address: number;
  readonly deadline: number;
  /** So long a wait that its expiry only hides lost wake-ups. */
  readonly slice: boolean;
  result: WaitResult;
}

/** A timer that has yet to fire. */
export interface Timer {
  readonly thread: Thread;
  /** Which timer of its thread this is. */
  readonly index: number;
  /** Infinity of an interval: it ticks only when all slices end. */
  readonly deadline: number;
}

/** What the clock shows at first: not 0, which code may take for "none". */
const MORNING = 1000;

/** What asks for a longer delay keeps a program alive, and does not wait for it. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** So often may all slices expire in a row without anybody getting anywhere. */
const RESCUES = 4;

export class Model {
  readonly threads: readonly Thread[];
  /** Who waits, longest first. */
  readonly sleepers: Waiter[] = [];
  readonly timers: Timer[] = [];
  /** Milliseconds. */
  clock: number = MORNING;
  /** How many threads have died. */
  deaths = 0;
  /** How many threads have neither ended nor died. */
  open = 0;
  readonly #sliceMs: number;
  /** How often slices have expired since anything happened. */
  rescues = 0;

  constructor(threads: number, sliceMs: number) {
    this.threads = Array.from({ length: threads }, (_, id) => ({ id, state: READY, ended: false, woken: undefined, jobs: [] }));
    this.#sliceMs = sliceMs;
  }

  reset(): void {
    for (const thread of this.threads) {
      thread.state = READY;
      thread.ended = false;
      thread.woken = undefined;
      // Setting a length costs more than looking at it.
      if (thread.jobs.length > 0) thread.jobs.length = 0;
    }
    if (this.sleepers.length > 0) this.sleepers.length = 0;
    if (this.timers.length > 0) this.timers.length = 0;
    this.clock = MORNING;
    this.deaths = 0;
    this.open = this.threads.length;
    this.rescues = 0;
  }

  /** Lets a thread (index -1) or one of its tickets wait at the end of the line. */
  sleep(thread: Thread, index: number, address: number, timeout: number): void {
    if (index < 0) thread.state = ASLEEP;
    const slice = timeout >= this.#sliceMs && timeout < Infinity;
    this.sleepers.push({ thread, index, address, deadline: this.clock + timeout, slice, result: "ok" });
  }

  wake(waiter: Waiter): void {
    this.rescues = 0;
    this.#leave(waiter, "ok");
  }

  expire(waiter: Waiter): void {
    this.clock = Math.max(this.clock, waiter.deadline);
    this.#leave(waiter, "timed-out");
  }

  #leave(waiter: Waiter, result: WaitResult): void {
    this.sleepers.splice(this.sleepers.indexOf(waiter), 1);
    waiter.result = result;
    const { thread } = waiter;
    if (waiter.index >= 0) {
      thread.jobs.push(waiter);
    } else {
      thread.woken = result;
      thread.state = READY;
    }
  }

  /** Begins an interval, if it is a slice: of others no program may depend on the ticks. */
  repeat(thread: Thread, index: number, period: number): void {
    if (period >= this.#sliceMs && period < LONGEST_DELAY) this.timers.push({ thread, index, deadline: Infinity });
  }

  /** Takes a timer out, because it fires or was cleared. */
  dropTimer(timer: Timer): void {
    remove(this.timers, timer);
    remove(timer.thread.jobs, timer);
  }

  end(thread: Thread): void {
    thread.ended = true;
    this.open--;
    this.rescues = 0;
  }

  /** A thread stops here: it waits no more, and a wake that it has yet to see is lost with it. */
  kill(thread: Thread): void {
    thread.state = DEAD;
    thread.jobs.length = 0;
    drop(this.sleepers, thread);
    drop(this.timers, thread);
    this.deaths++;
    this.open--;
  }

  /**
   * Lets all slices expire: what a sleeper does to notice a death. Without a death it would only hide a lost wake-up.
   *
   * @returns false if that is not allowed, or has not helped so far.
   */
  rescue(): boolean {
    if (this.deaths === 0 || this.open === 0 || this.rescues === RESCUES) return false;
    const end = this.clock + this.#sliceMs;
    const slices = this.sleepers.filter((waiter) => waiter.slice);
    for (const waiter of slices) this.expire(waiter);
    const ticks = this.timers.filter((timer) => timer.deadline === Infinity && !timer.thread.jobs.includes(timer));
    for (const timer of ticks) timer.thread.jobs.push(timer);
    if (ticks.length > 0) this.clock = Math.max(this.clock, end);
    this.rescues++;
    return slices.length + ticks.length > 0;
  }
}

function remove<T>(list: T[], item: T): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}

function drop(list: { readonly thread: Thread }[], thread: Thread): void {
  for (let i = list.length - 1; i >= 0; i--) if (list[i]?.thread === thread) list.splice(i, 1);
}
