/**
 * Which calls run next: first come, first served, as many as the backend takes.
 *
 * @module
 */
import type { Backend, BatchListener, RunOptions } from "../backend.ts";
import type { BatchResult } from "../batch.ts";
import type { Column } from "../channel/records.ts";
import { type BatchEvent, topic } from "../events.ts";
import type { TaskReference } from "../task.ts";
import { fromErrorData } from "../transport/error-data.ts";
import type { Job, Part } from "./job.ts";
import { Profile } from "./profile.ts";
import { Statistics } from "./statistics.ts";

/** The queue in front of a backend. */
export class Scheduler {
  readonly statistics: Statistics = new Statistics();
  readonly #backend: Backend;
  /** The pool's name. */
  readonly #pool: string;
  readonly #starts = topic("interlock.pool.batch.start");
  readonly #ends = topic("interlock.pool.batch.end");
  #batches = 0;
  readonly #queue = new Set<Job>();
  /** The newest of them, or one that has left. */
  #newest: Job | undefined;
  /** What came back: it goes first. */
  readonly #returned: Job[] = [];
  readonly #running = new Set<Running>();
  readonly #profiles = new WeakMap<TaskReference, Profile>();
  #waiting = 0;
  #pumpIsDue = false;
  #now: number | undefined;
  #idle: (() => void)[] = [];
  /** Why nothing runs any more. */
  #abandoned: { readonly reason: unknown } | undefined;

  constructor(backend: Backend, pool: string) {
    this.#backend = backend;
    this.#pool = pool;
  }

  /** How many calls wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** How many batches are under way. */
  get running(): number {
    return this.#running.size;
  }

  /** The time; the same for all calls of one turn. */
  get now(): number {
    if (this.#now === undefined) {
      this.#now = performance.now();
      this.#duePump();
    }
    return this.#now;
  }

  /** Takes a job. */
  submit(job: Job): void {
    this.#queue.add(job);
    this.#newest = job;
    this.#waiting += job.waiting;
    this.#duePump();
  }

  /** Notes that a call was added to a job that waits. */
  grew(): void {
    this.#waiting++;
  }

  /** Whether a job waits. */
  holds(job: Job): boolean {
    return this.#queue.has(job);
  }

  /** Whether a job waits, and no other after it: calls that are added to it overtake nothing. */
  isLast(job: Job): boolean {
    return this.#newest === job && this.#queue.has(job);
  }

  /** Sends what can be sent now, without waiting for the end of the turn. */
  flush(): void {
    this.#pump();
  }

  /** Takes the jobs that match back, as far as they wait; what runs is for the backend. */
  drop(matches: (job: Job) => boolean, reason: unknown): void {
    for (const job of [...this.#returned, ...this.#queue]) {
      if (!matches(job)) continue;
      const at = this.#returned.indexOf(job);
      if (at >= 0) this.#returned.splice(at, 1);
      else this.#queue.delete(job);
      this.#waiting -= job.waiting;
      job.giveUp(reason);
    }
    this.#checkIdle();
  }

  /** Resolves when nothing runs and nothing waits. */
  idle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Rejects everything that runs or waits. */
  abandon(error: unknown): void {
    this.#abandoned ??= { reason: error };
    for (const job of [...this.#returned, ...this.#queue]) job.giveUp(error);
    this.#queue.clear();
    this.#returned.length = 0;
    this.#waiting = 0;
    for (const running of this.#running) running.part.giveUp(error);
  }

  /** Of a batch that is over, or of calls that came back. */
  settled(running: Running): void {
    this.#running.delete(running);
    if (this.#ends.hasSubscribers) this.#ends.publish({ ...this.#event(running), ...running.outcome });
    this.#pump();
  }

  again(job: Job | undefined): void {
    if (job === undefined) return;
    const { signal } = job.options;
    // Nobody waits for it any more: it must not begin in another worker.
    const over = signal?.aborted ? signal : this.#abandoned;
    if (over !== undefined) {
      job.giveUp(over.reason);
      return;
    }
    this.#returned.push(job);
    this.#waiting += job.waiting;
    this.#duePump();
  }

  took(task: TaskReference, count: number, milliseconds: number): void {
    this.#profile(task).took(count, milliseconds);
    this.statistics.run.add(milliseconds, count);
  }

  /** All that is given in one turn leaves together: one wake for a worker, not one for each call. */
  #duePump(): void {
    if (this.#pumpIsDue) return;
    this.#pumpIsDue = true;
    queueMicrotask(() => {
      this.#pumpIsDue = false;
      this.#pump();
      this.#now = undefined;
    });
  }

  #pump(): void {
    for (let job = this.#next(); job !== undefined; job = this.#next()) {
      const profile = this.#profile(job.task);
      const { slots, ahead = 0, returns = false, mostCalls = Infinity } = this.#backend;
      const { chunkSize, options, waiting } = job;
      // What waits behind a long call could run elsewhere, unless it can be taken back.
      const depth = returns || profile.short ? 1 + ahead : Math.max(1, ahead);
      if (this.#running.size >= slots * depth) return;
      const alone = options.timeout !== undefined;
      // What is moved cannot be given back.
      const idle = returns && waiting > 1 && options.transfer === undefined ? this.#idleSlots : 0;
      const fitting =
        chunkSize === undefined ? profile.batchSize(waiting, slots, job.most, idle) : chunkSize * chunksAtOnce(profile, chunkSize, waiting, slots);
      const size = alone ? 1 : Math.min(fitting, mostCalls);
      const part = job.take(size);
      this.#waiting -= part.batch.count;
      if (job.waiting === 0) this.#forget(job);
      const now = performance.now();
      this.statistics.wait.add(now - job.since, part.batch.count);
      this.#start(new Running(this, part, this.#batches++, now), { ...options, transfer: part.transfer });
    }
    if (this.#running.size > 0) this.#backend.rebalance?.();
    this.#checkIdle();
  }

  /** How many workers have nothing to do, as far as is known. */
  get #idleSlots(): number {
    const { slots, counts } = this.#backend;
    // Those that get nothing more are busy as well.
    return counts === undefined ? 0 : Math.max(0, slots - counts.busy);
  }

  #next(): Job | undefined {
    return this.#returned.at(-1) ?? this.#queue.values().next().value;
  }

  #forget(job: Job): void {
    if (this.#returned.at(-1) === job) this.#returned.pop();
    else this.#queue.delete(job);
  }

  #start(running: Running, options: RunOptions): void {
    const { part } = running;
    this.#running.add(running);
    if (this.#starts.hasSubscribers) this.#starts.publish(this.#event(running));
    let run: Promise<BatchResult | undefined>;
    try {
      run = this.#backend.run(part.batch, options, running);
    } catch (error) {
      // A backend may throw here and now.
      run = Promise.reject(error);
    }
    void run
      .then(
        (result) => running.ended(result),
        (error: unknown) => part.giveUp(error),
      )
      .then(() => this.settled(running));
  }

  #event({ number, part: { batch } }: Running): BatchEvent {
    const { task, count } = batch;
    return { pool: this.#pool, batch: number, task: task.name, module: task.module, count };
  }

  #profile(task: TaskReference): Profile {
    let profile = this.#profiles.get(task);
    if (profile === undefined) {
      profile = new Profile();
      this.#profiles.set(task, profile);
    }
    return profile;
  }

  get #isIdle(): boolean {
    return this.#queue.size === 0 && this.#returned.length === 0 && this.#running.size === 0;
  }

  #checkIdle(): void {
    if (!this.#isIdle) return;
    const waiting = this.#idle;
    this.#idle = [];
    for (const resolve of waiting) resolve();
  }
}

/** How many small chunks of a given size travel as one, but for the last of them, which are for all slots. */
function chunksAtOnce(profile: Profile, chunkSize: number, waiting: number, slots: number): number {
  return Math.min(Math.max(1, profile.depth(chunkSize)), Math.ceil(waiting / (2 * slots * chunkSize)));
}

/** Calls in the hands of the backend. */
class Running implements BatchListener {
  readonly part: Part;
  /** Its number among those of the pool. */
  readonly number: number;
  readonly #scheduler: Scheduler;
  readonly #since: number;
  #completed = 0;
  #failed = 0;
  #returned = 0;

  /** @param since When it is sent. */
  constructor(scheduler: Scheduler, part: Part, number: number, since: number) {
    this.#scheduler = scheduler;
    this.part = part;
    this.number = number;
    this.#since = since;
  }

  /** What came of its calls. */
  get outcome(): { readonly completed: number; readonly failed: number; readonly returned: number; readonly milliseconds: number } {
    return { completed: this.#completed, failed: this.#failed, returned: this.#returned, milliseconds: performance.now() - this.#since };
  }

  values(from: number, values: Column): void {
    this.#completed += values.length;
    this.#scheduler.statistics.completed += values.length;
    this.part.values(from, values);
  }

  stored(from: number, count: number): void {
    this.#completed += count;
    this.#scheduler.statistics.completed += count;
    this.part.stored(from, count);
  }

  failed(at: number, error: unknown): void {
    this.#failed++;
    this.#scheduler.statistics.failed++;
    this.part.failed(at, error);
  }

  returned(from: number, to: number): void {
    this.#returned += to - from;
    this.#scheduler.again(this.part.again(from, to));
  }

  report(at: number, value: unknown): void {
    this.part.report(at, value);
  }

  took(count: number, milliseconds: number): void {
    this.#scheduler.took(this.part.batch.task, count, milliseconds);
  }

  /** Of a backend that tells only at the end. */
  ended(result: BatchResult | undefined): void {
    if (result === undefined) return;
    this.took(result.length, (performance.now() - this.#since) / Math.max(1, result.length));
    result.forEach((outcome, i) => {
      if (outcome.ok) this.values(i, [outcome.value]);
      else this.failed(i, fromErrorData(outcome.error));
    });
  }
}
