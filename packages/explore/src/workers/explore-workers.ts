/**
 * The second engine: each thread is a real worker, which asks before each operation. It is slower by far and finds the
 * same; that both see the same number of schedules says that the replay engine runs threads as real ones run.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import { formatSchedule } from "../choice.ts";
import { DepthFirst } from "../depth-first.ts";
import { DEAD, IDLE, Model, type Thread } from "../model.ts";
import type { ExploreOptions, ExploreResult, Scenario } from "../scenario.ts";
import { Scheduler } from "../scheduler.ts";
import { realNow } from "../shim.ts";
import { DEFAULT_MAX_STEPS, DEFAULT_SLICE_MS, type Fault } from "../timeline.ts";
import { describeDeadlock, describeError } from "../trace.ts";
import { ARRIVED, Channel, ENDED, FAILED, GO, SLEEPS, START, UNWIND_NOW } from "./channel.ts";
import { AssertionFailure, plainContext } from "./plain-context.ts";
import type { WorkerStart } from "./worker.ts";
import { CELLS, WOKEN } from "./worker-host.ts";

/** What workers can do: no random schedules, no cache, no check for races. */
export type WorkerOptions = Pick<ExploreOptions, "bound" | "sliceMs" | "wakes" | "maxSteps">;

/** Explores a blocking scenario that a module exports, depth first, on real workers. */
export async function exploreWorkers(module: string | URL, exportName: string, options: WorkerOptions = {}): Promise<ExploreResult> {
  const scenario = ((await import(String(module))) as Record<string, Scenario>)[exportName];
  if (scenario === undefined) throw new TypeError(`Cannot explore as ${module} must export a scenario ${exportName}`);
  const engine = new WorkerEngine(scenario, options);
  try {
    await engine.start({ module: String(module), exportName });
    return engine.explore(options.bound ?? 2);
  } finally {
    await engine.stop();
  }
}

class WorkerEngine {
  readonly #scenario: Scenario;
  readonly #model: Model;
  readonly #scheduler: Scheduler;
  readonly #buffer: SharedArrayBuffer;
  readonly #cells = new SharedArrayBuffer(CELLS * 8);
  readonly #channels: readonly Channel[];
  readonly #workers: Worker[] = [];
  readonly #maxSteps: number;
  /** What each worker said last; undefined before its thread has begun. */
  readonly #reports: (number | undefined)[] = [];
  #steps = 0;
  #fault: Fault | undefined;

  constructor(scenario: Scenario, { sliceMs = DEFAULT_SLICE_MS, maxSteps = DEFAULT_MAX_STEPS, wakes }: WorkerOptions) {
    this.#scenario = scenario;
    this.#model = new Model(scenario.threads, sliceMs);
    this.#scheduler = new Scheduler(this.#model, scenario.deaths, wakes);
    this.#buffer = new SharedArrayBuffer(scenario.bytes);
    this.#channels = this.#model.threads.map(() => new Channel());
    this.#maxSteps = maxSteps;
  }

  async start(source: { readonly module: string; readonly exportName: string }): Promise<void> {
    const self = import.meta.url;
    const entry = new URL(`./worker${self.slice(self.lastIndexOf("."))}`, self);
    const ready = this.#channels.map(({ buffer: channel }, id) => {
      const workerData: WorkerStart = { ...source, id, buffer: this.#buffer, cells: this.#cells, channel };
      const worker = new Worker(entry, { workerData });
      this.#workers.push(worker);
      return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
    });
    await Promise.all(ready);
  }

  async stop(): Promise<void> {
    for (const channel of this.#channels) channel.quit();
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  explore(bound: number): ExploreResult {
    const start = realNow();
    const search = new DepthFirst(bound, false);
    const context = plainContext(this.#scenario.threads, this.#buffer, this.#cells);
    this.#scenario.setup?.(context);
    const memories = [this.#buffer, this.#cells].map((buffer) => new Uint8Array(buffer));
    const initial = memories.map((memory) => memory.slice());
    let schedules = 0;
    do {
      schedules++;
      memories.forEach((memory, i) => {
        memory.set(initial[i] as Uint8Array);
      });
      this.#scheduler.begin(search);
      this.#run();
      if (this.#fault === undefined) this.#finish(context);
      this.#unwind();
    } while (this.#fault === undefined && search.advance());
    const counts = { schedules, steps: this.#steps, seconds: (realNow() - start) / 1000, complete: this.#fault === undefined };
    return this.#fault === undefined ? counts : { ...counts, finding: { ...this.#fault, schedule: formatSchedule(this.#scheduler.path), trace: [] } };
  }

  /** One schedule. */
  #run(): void {
    const limit = this.#steps + this.#maxSteps;
    this.#reports.length = 0;
    while (this.#fault === undefined) {
      const next = this.#scheduler.next();
      if (next === undefined) break;
      this.#move(next);
      if (this.#steps > limit) this.#fault = { kind: "steps", message: `more than ${this.#maxSteps} operations in one schedule` };
    }
    if (this.#fault === undefined && this.#model.open > 0) this.#fault = { kind: "deadlock", message: describeDeadlock(this.#model) };
  }

  /** Ends what is left of threads, which writes what it likes. */
  #unwind(): void {
    for (const { id } of this.#model.threads) {
      const report = this.#reports[id];
      if (report !== undefined && report !== ENDED) this.#send(id, UNWIND_NOW);
    }
  }

  #finish(context: ReturnType<typeof plainContext>): void {
    try {
      this.#scenario.final?.(context);
    } catch (error) {
      if (error instanceof AssertionFailure) this.#fault = { kind: "assertion", message: error.message };
      else this.#fault = { kind: "error", message: `final threw ${describeError(error)}`, cause: error };
    }
  }

  /** One step of a thread: the operation that it is about to do, and all that follows up to the next one. */
  #move(thread: Thread): void {
    const { id } = thread;
    // Where it has not announced an operation yet, it was chosen for the next one that it announces.
    let granted = true;
    if (this.#reports[id] === undefined) {
      this.#send(id, START);
    } else if (thread.woken !== undefined) {
      const result = WOKEN.indexOf(thread.woken as (typeof WOKEN)[number]);
      thread.woken = undefined;
      this.#scheduler.did(false);
      this.#steps++;
      this.#send(id, GO, result);
    } else {
      granted = false;
      this.#grant(id);
    }
    if (granted && this.#reports[id] === ARRIVED) this.#grant(id);
    this.#heed(thread);
  }

  /** Lets a thread do the operation that it announced. */
  #grant(id: number): void {
    const channel = this.#channels[id] as Channel;
    const { kind, address } = channel;
    let result = 0;
    if (kind === "notify") result = this.#scheduler.notify(address, channel.argument);
    if (kind === "alive") result = this.#model.threads[address]?.state === DEAD ? 0 : 1;
    this.#steps++;
    this.#send(id, GO, result);
    if (this.#reports[id] !== SLEEPS) this.#scheduler.did(kind === "notify" ? result > 0 : channel.changed);
  }

  /** What a thread said last, unless it is about to do an operation. */
  #heed(thread: Thread): void {
    const channel = this.#channels[thread.id] as Channel;
    const report = this.#reports[thread.id];
    if (report === SLEEPS) this.#model.sleep(thread, -1, channel.address, channel.argument);
    if (report === FAILED) this.#fault = { kind: channel.kind as "assertion" | "error", message: channel.text };
    if (report !== ENDED) return;
    thread.state = IDLE;
    this.#model.end(thread);
  }

  #send(id: number, command: number, result?: number): void {
    this.#reports[id] = (this.#channels[id] as Channel).command(command, this.#model.clock, result);
  }
}
