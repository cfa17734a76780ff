/**
 * The main thread's side: starts the threads of a scenario, or processes in their place, watches that none hangs, and adds up what
 * they report.
 *
 * @module
 */
import { setTimeout } from "node:timers/promises";
import type { RawArray } from "@interlock/core";
import { Process, Thread, WorkerLostError } from "@interlock/pool";
import {
  ABORTS,
  createBoard,
  DEATH,
  ENDED,
  HANG_MS,
  laneAt,
  MOST_LANES,
  MOST_SEATS,
  OPERATIONS,
  type Report,
  type Role,
  type Seat,
  SLOWEST,
  seatAt,
  TIMEOUTS,
} from "./board.ts";
import { mergeReports } from "./lane.ts";
import { Random } from "./random.ts";
import { RUNTIMES } from "./runtimes.ts";

/** What a run is about. */
export interface Setting {
  readonly seed: number;
  readonly milliseconds: number;
  readonly threads: number;
  /** How many workers of a pool are to die at least, or processes of a scenario that kills them, however long that takes. */
  readonly deaths?: number;
  /** Whether there are processes for the threads, whose objects lie in memory that they share. */
  readonly processes?: boolean;
  /** On which runtimes, by chance; on that of this program if absent. */
  readonly runtimes?: readonly string[];
}

/** What came of a scenario. */
export interface Tally {
  readonly operations: number;
  readonly timeouts: number;
  readonly aborts: number;
  /** The longest that an operation took, in milliseconds. */
  readonly slowest: number;
  readonly deaths: number;
  readonly counts: Report;
}

/** How the threads of a crew run. */
export interface Course {
  /** What the main thread does meanwhile. */
  during?(signal: AbortSignal): Promise<void>;
  /** How many must have died before they stop, where they may: one if absent. */
  readonly deaths?: number;
  /**
   * Whether what is judged has been done at all; any operation, if absent. They stop no sooner, as on a slow machine a short time may
   * pass with starts and deaths.
   */
  until?(): boolean;
  /** What the main thread does as soon as they are told to stop. */
  afterStop?(): void;
}

/** How often the threads are looked at. */
const TICK_MS = 250;

/** How long nothing may happen that is waited for: a thread begins, or one dies. */
const STANDSTILL_MS: number = 6 * HANG_MS;

/** A thread of a crew, or a process. */
export interface Member {
  readonly seat: Seat;
  readonly thread: Thread<unknown[], Report> | Process<unknown[], Report>;
  /** How many operations those had ended that had its seat before it. */
  readonly inherited: number;
}

export class Crew {
  readonly setting: Setting;
  readonly #board: RawArray<"int32">;
  readonly #words: Int32Array;
  readonly #members = new Set<Member>();
  readonly #reports: Report[] = [];
  readonly #ended: Promise<void>[] = [];
  readonly #failure = Promise.withResolvers<never>();
  readonly #mourn: ((member: Member) => void) | undefined;
  /** The seats of those that died. */
  readonly #bereft = new Set<number>();
  #seats = 0;
  #started = 0;
  #deaths = 0;
  readonly #watch: ReturnType<typeof setInterval>;

  /** @param mourn Where threads may die: what to do about it, such as starting another in its seat. */
  constructor(setting: Setting, mourn?: (member: Member) => void) {
    this.setting = setting;
    this.#board = createBoard(MOST_SEATS);
    this.#words = this.#board.view;
    this.#mourn = mourn;
    this.#failure.promise.catch(() => {});
    this.#watch = setInterval(this.#look, TICK_MS);
  }

  get deaths(): number {
    return this.#deaths;
  }

  /** Those that run now. */
  get members(): readonly Member[] {
    return [...this.#members];
  }

  get stopping(): boolean {
    return Atomics.load(this.#words, 0) !== 0;
  }

  /** Whether a thread waits where it is to be ended. */
  isMortal({ seat }: Member): boolean {
    return Atomics.load(this.#words, seatAt(seat.index)) === 1;
  }

  /** Whether a thread has come so far that it does what it is there for. */
  hasBegun({ seat: { index }, inherited }: Member): boolean {
    return lanesAt(index).some((at) => Atomics.load(this.#words, at) !== 0) || this.#endedBy(index) > inherited;
  }

  /** How many operations those have ended that had a seat. */
  #endedBy(index: number): number {
    return lanesAt(index).reduce((sum, at) => sum + Atomics.load(this.#words, at + ENDED), 0);
  }

  /** Starts a thread. @param index The seat of one that died, to replace it. */
  start(role: Role, lanes: number, shared: readonly unknown[], index: number = this.#seats): Member {
    this.#seats = Math.max(this.#seats, index + 1);
    const { seed, processes = false, runtimes } = this.setting;
    const seat: Seat = { board: this.#board, index, member: ++this.#started, lanes, seed, process: processes };
    const args = [seat, ...shared];
    const runtime = runtimes && new Random(seed, seat.member, MOST_LANES).pick(runtimes);
    const thread = processes
      ? new Process<unknown[], Report>(role as never, args, { name: `process ${seat.member}${runtime ? ` on ${runtime}` : ""}`, ...RUNTIMES[runtime ?? ""] })
      : new Thread<unknown[], Report>(role as never, args, { name: `thread ${seat.member}` });
    const member: Member = { seat, thread, inherited: this.#endedBy(index) };
    this.#members.add(member);
    thread.start();
    this.#ended.push(this.#follow(member));
    return member;
  }

  /** Lets the threads run for the time of the setting, and stops them. */
  async run({ during, deaths = 1, until, afterStop }: Course = {}): Promise<Tally> {
    const end = new AbortController();
    try {
      const meanwhile = during?.(end.signal);
      meanwhile?.catch(() => {});
      await this.#unlessFailed(this.#allBusy());
      await this.#unlessFailed(setTimeout(this.setting.milliseconds));
      if (this.#mourn !== undefined) await this.#unlessFailed(this.#allDead(deaths));
      const enough = (): boolean => this.#told(ENDED).some((ended) => ended > 0) && (until?.() ?? true);
      await this.#unlessFailed(progressUntil(enough, () => 0, "what the threads are there for has not been done"));
      Atomics.store(this.#words, 0, 1);
      afterStop?.();
      await this.#unlessFailed(this.#allEnded());
      end.abort();
      await this.#unlessFailed(Promise.resolve(meanwhile));
    } finally {
      clearInterval(this.#watch);
      // After a failure. Nobody is replaced any more, and who kills others stops.
      Atomics.store(this.#words, 0, 1);
      end.abort();
      // A thread that is deaf goes with the program.
      for (const { thread } of this.#members) thread.kill();
    }
    const sum = (what: number): number => this.#told(what).reduce((total, n) => total + n, 0);
    return {
      operations: sum(ENDED),
      timeouts: sum(TIMEOUTS),
      aborts: sum(ABORTS),
      slowest: Math.max(...this.#told(SLOWEST)) / 1000,
      deaths: this.#deaths,
      counts: mergeReports(this.#reports),
    };
  }

  /** Threads may take longer to start than the setting lets them run. */
  async #allBusy(): Promise<void> {
    // Where threads may hang and die, the first of a seat may never end an operation.
    const busy = (index: number): boolean => Atomics.load(this.#words, laneAt(index, 0) + ENDED) > 0 || this.#bereft.has(index);
    const idle = (): number => Array.from({ length: this.#seats }, (_, index) => index).filter((index) => !busy(index)).length;
    await progressUntil(() => idle() === 0, idle, "a thread has not begun");
  }

  async #allDead(deaths: number): Promise<void> {
    await progressUntil(
      () => this.#deaths >= deaths,
      () => this.#deaths,
      `fewer than ${deaths} have died`,
    );
  }

  async #allEnded(): Promise<void> {
    // Whoever dies last may have been replaced meanwhile.
    for (let i = 0; i < this.#ended.length; i++) await this.#ended[i];
  }

  async #unlessFailed<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#failure.promise]);
  }

  async #follow(member: Member): Promise<void> {
    const { thread, seat } = member;
    let report: Report | undefined;
    try {
      report = await thread.result();
    } catch (error) {
      if (this.#mourn === undefined || !isDeath(error, seat)) {
        this.#failure.reject(error);
        return;
      }
    }
    await thread.join();
    this.#members.delete(member);
    for (let word = seatAt(seat.index); word < laneAt(seat.index, 0); word++) Atomics.store(this.#words, word, 0);
    for (const at of lanesAt(seat.index)) {
      Atomics.store(this.#words, at, 0);
      this.#stale.delete(at);
    }
    if (report !== undefined) {
      this.#reports.push(report);
      return;
    }
    this.#deaths++;
    this.#bereft.add(seat.index);
    try {
      this.#mourn?.(member);
    } catch (error) {
      this.#failure.reject(error);
    }
  }

  /** What the lanes of all seats say in one of their words. */
  #told(what: number): number[] {
    const seats = Array.from({ length: this.#seats }, (_, index) => index);
    return seats.flatMap(lanesAt).map((at) => Atomics.load(this.#words, at + what));
  }

  /** For how many ticks the lane at a word has been at the same operation. Ticks, not time: the whole machine may pause. */
  readonly #stale = new Map<number, { readonly ended: number; readonly ticks: number }>();
  #ticksAfterStop = 0;

  readonly #look = (): void => {
    for (const { seat, thread } of this.#members) {
      for (let lane = 0; lane < seat.lanes; lane++) {
        const at = laneAt(seat.index, lane);
        const operation = Atomics.load(this.#words, at);
        const ended = Atomics.load(this.#words, at + ENDED);
        const last = this.#stale.get(at);
        const ticks = operation !== 0 && last?.ended === ended ? last.ticks + 1 : 0;
        this.#stale.set(at, { ended, ticks });
        if (ticks * TICK_MS > HANG_MS) {
          this.#failure.reject(new Error(`Cannot go on as ${OPERATIONS[operation - 1]} takes more than ${HANG_MS} ms, in lane ${lane} of ${thread.name}`));
        }
      }
    }
    if (Atomics.load(this.#words, 0) === 0 || ++this.#ticksAfterStop * TICK_MS < 2 * HANG_MS) return;
    const left = this.members.map(({ thread }) => thread.name).join(", ");
    this.#failure.reject(new Error(`Cannot stop as these threads go on for ${2 * HANG_MS} ms: ${left}`));
  };
}

/** Where the words of all lanes of a seat are. */
function lanesAt(index: number): number[] {
  return Array.from({ length: MOST_LANES }, (_, lane) => laneAt(index, lane));
}

/** Waits until something is done. Rejects if there is no progress for too long. */
async function progressUntil(done: () => boolean, progress: () => number, complaint: string): Promise<void> {
  let [last, since] = [progress(), performance.now()];
  while (!done()) {
    await setTimeout(2);
    const now = progress();
    if (now !== last) [last, since] = [now, performance.now()];
    else if (performance.now() - since > STANDSTILL_MS) throw new Error(`Cannot go on as ${complaint}: nothing has happened for ${STANDSTILL_MS} ms`);
  }
}

function isDeath(error: unknown, seat: Seat): boolean {
  if (!(error instanceof WorkerLostError)) return (error as Partial<Error>).message === DEATH;
  // A process dies of nothing else, or something is wrong with it.
  return !seat.process || error.signal === "SIGKILL";
}

/** How many lanes the threads of a crew have: half of them one, which may block as it likes. */
export function lanesOf(thread: number): number {
  return [1, 3, 1, 2][thread % 4] as number;
}
