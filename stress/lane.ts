/**
 * The threads' side: lanes, which make random decisions, time what they do, and count what came of it.
 *
 * @module
 */
import { setImmediate, setTimeout } from "node:timers/promises";
import { DeadlockError, TimeoutError } from "@interlock/core";
import { ABORTS, ENDED, HANG_MS, laneAt, MOST_LANES, OPERATIONS, type Operation, type Report, type Seat, SLOWEST, TIMEOUTS } from "./board.ts";
import { Random } from "./random.ts";

const codes = new Map<Operation, number>(OPERATIONS.map((operation, i) => [operation, i + 1]));

/** A signal, and what is left of its timer. */
interface Alarm {
  readonly signal: AbortSignal;
  cancel(): void;
}

/** One of the tasks of a thread that run beside each other. */
export class Lane {
  /** Different from that of any other lane, and never 0. */
  readonly id: number;
  readonly index: number;
  readonly seat: Seat;
  readonly random: Random;
  /** Whether it has its thread to itself: then it may block without a limit, and hold what it blocks others with. */
  readonly alone: boolean;
  readonly counts: Record<string, number> = {};
  readonly #words: Int32Array;
  readonly #at: number;

  constructor(seat: Seat, index: number) {
    this.seat = seat;
    this.index = index;
    this.id = seat.member * MOST_LANES + index;
    this.random = new Random(seat.seed, seat.member, index);
    this.alone = seat.lanes === 1;
    this.#words = seat.board.view;
    this.#at = laneAt(seat.index, index);
  }

  /** Whether it is time to stop. */
  get stopping(): boolean {
    return Atomics.load(this.#words, 0) !== 0;
  }

  count(what: string, n: number = 1): void {
    this.counts[what] = (this.counts[what] ?? 0) + n;
  }

  /** Fails the scenario unless `condition` holds. */
  check(condition: boolean, complaint: () => string): void {
    if (!condition) throw new Error(`${complaint()}, in ${this.name}`);
  }

  get name(): string {
    return `lane ${this.index} of thread ${this.seat.member}`;
  }

  /** Does something that must not take long. */
  do<T>(operation: Operation, act: () => T): T {
    const started = this.#begin(operation);
    try {
      return act();
    } finally {
      this.#end(started);
    }
  }

  async doAsync<T>(operation: Operation, act: () => Promise<T>): Promise<T> {
    const started = this.#begin(operation);
    try {
      return await act();
    } finally {
      this.#end(started);
    }
  }

  /**
   * Tries something that may refuse, or give up.
   *
   * @param mine Whether this thread itself is what is waited for, so that blocking may throw.
   * @returns Whether it was done.
   */
  attempt(operation: Operation, act: () => unknown, mine?: () => boolean): boolean {
    try {
      if (this.do(operation, act) !== false) return true;
      this.tell(TIMEOUTS);
    } catch (error) {
      if (!(error instanceof DeadlockError && mine?.() === true)) this.#gaveUp(error, undefined);
    }
    return false;
  }

  async attemptAsync(operation: Operation, act: (signal: AbortSignal | undefined) => Promise<unknown>): Promise<boolean> {
    const alarm = operation.endsWith("signal") ? this.#alarm() : undefined;
    try {
      if ((await this.doAsync(operation, () => act(alarm?.signal))) !== false) return true;
      this.tell(TIMEOUTS);
    } catch (error) {
      this.#gaveUp(error, alarm?.signal);
    } finally {
      alarm?.cancel();
    }
    return false;
  }

  /** Holds what it holds for a moment, mostly a short one. */
  async linger(): Promise<void> {
    const { random } = this;
    const kind = random.below(20);
    if (kind < 4) this.spin();
    else if (kind < 7) await Promise.resolve();
    else if (kind === 7) await setImmediate();
    else if (kind === 8) await setTimeout(random.below(2));
  }

  /** As `linger`, without giving up the thread. */
  spin(): void {
    for (let n = this.random.below(400); n > 0; n--) Math.sqrt(n);
  }

  /** Lets timers, messages and other lanes have their turn, now and then. */
  async breathe(): Promise<void> {
    if (this.random.chance(0.25)) await setImmediate();
  }

  /** Counts where it is not lost if this thread dies. */
  tell(what: typeof ENDED | typeof TIMEOUTS | typeof ABORTS): void {
    Atomics.add(this.#words, this.#at + what, 1);
  }

  #begin(operation: Operation): number {
    Atomics.store(this.#words, this.#at, codes.get(operation) as number);
    return performance.now();
  }

  #end(started: number): void {
    const took = performance.now() - started;
    const operation = OPERATIONS[Atomics.exchange(this.#words, this.#at, 0) - 1];
    this.tell(ENDED);
    const slowest = this.#at + SLOWEST;
    if (took * 1000 > (this.#words[slowest] as number)) this.#words[slowest] = took * 1000;
    this.check(took < HANG_MS, () => `Cannot accept ${operation} as it may take ${HANG_MS} ms: took ${took.toFixed(0)}`);
  }

  #gaveUp(error: unknown, signal: AbortSignal | undefined): void {
    if (error instanceof TimeoutError) this.tell(TIMEOUTS);
    else if (signal?.aborted && error === signal.reason) this.tell(ABORTS);
    else throw error;
  }

  /** A signal that aborts before, at once, soon or never. */
  #alarm(): Alarm {
    const { random } = this;
    const controller = new AbortController();
    const { signal } = controller;
    const abort = (): void => controller.abort(new Error("aborted"));
    const kind = random.below(6);
    if (kind === 0) abort();
    else if (kind === 1) queueMicrotask(abort);
    else if (kind < 5) {
      const timer = globalThis.setTimeout(abort, random.below(4));
      return { signal, cancel: () => clearTimeout(timer) };
    }
    return { signal, cancel: () => {} };
  }
}

/** Runs the lanes of a thread until all have ended. */
export async function runLanes(seat: Seat, body: (lane: Lane) => Promise<void>): Promise<Report> {
  const lanes = Array.from({ length: seat.lanes }, (_, i) => new Lane(seat, i));
  await Promise.all(lanes.map(body));
  return mergeReports(lanes.map((lane) => lane.counts));
}

/** Adds them up. */
export function mergeReports(reports: readonly Report[]): Report {
  const sums: Record<string, number> = {};
  for (const report of reports) {
    for (const [what, n] of Object.entries(report)) sums[what] = (sums[what] ?? 0) + n;
  }
  return sums;
}
