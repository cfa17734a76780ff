/**
 * Batches on a fixed number of workers of one kind, each replaced when it is lost: what threads and processes share.
 *
 * @module
 */
import { TimeoutError } from "@interlock/core/base";
import type { Backend, BatchListener, RunOptions } from "../backend.ts";
import type { Batch } from "../batch.ts";
import { ParentChannel } from "../channel/channel.ts";
import { DOORBELL_BYTES, Doorbell } from "../channel/doorbell.ts";
import { topic } from "../events.ts";
import type { Exit, Port } from "../runtime/runtime.ts";
import { runtime } from "../runtime/select.ts";
import { Child } from "../transport/child.ts";
import { atDeadline } from "../transport/deadline.ts";
import type { Flight } from "../transport/flight.ts";
import { lostIdle } from "../transport/loss.ts";
import type { Initializer } from "../transport/message.ts";
import { Ultimatum } from "./ultimatum.ts";

/** While batches are under way, this thread looks for replies at least so often, although it is woken for each. */
const SLICE_MS = 50;

/** Calls are taken back from a batch that has been out for longer than this, when another worker has nothing to do. */
const PATIENCE_MS = 1;

/** How long a worker has to end that has nothing more to do: a task may have left something behind that keeps it. */
const FAREWELL_MS = 1000;

/** After so many workers in a row that could not start, nothing more is tried. */
const MOST_FAILURES = 3;

/** How workers live. */
export interface WorkersOptions {
  readonly size: number;
  /** What they are called, before a number. */
  readonly label: string;
  readonly concurrency: number;
  readonly initializer: Initializer | undefined;
  readonly maxTasksPerWorker: number;
  /** In bytes. */
  readonly maxMemoryPerWorker: number;
  /** In milliseconds. */
  readonly idleTimeout: number;
}

/** How workers are started. A runtime ignores what it does not know. */
export interface WorkerSettings {
  /** Environment variables, added to this program's. */
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of the runtime, in place of this program's. */
  readonly execArgv?: readonly string[];
  /**
   * Limits of a thread's heap and stack, in MB, as `node:worker_threads` names them; Deno and Bun ignore them. Of a process, Node
   * and Deno know `maxOldGenerationSizeMb`.
   */
  readonly resourceLimits?: Readonly<Record<string, number>>;
  /** A process's working directory; this program's if absent. */
  readonly cwd?: string;
  /** What runs a process: another runtime, or another version of this one; this program's if absent. It needs all its flags in `execArgv`. */
  readonly execPath?: string;
}

interface Worker {
  readonly child: Child;
  readonly channel: ParentChannel | undefined;
  /** How many calls it was given. */
  given: number;
  /** Whether it gets no more batches. */
  retired: boolean;
  idle: ReturnType<typeof setTimeout> | undefined;
}

/** Lets a worker end that has nothing to do, and sees to it that it does. */
function dismiss({ child }: Worker): void {
  child.finish();
  void child.exited.then(atDeadline(FAREWELL_MS, FAREWELL_MS, () => void child.terminate(), { unref: true }));
}

/** A fixed number of workers. */
export abstract class WorkersBackend implements Backend {
  abstract readonly name: string;
  abstract readonly sharesMemory: boolean;
  readonly mapsInPlace = true;
  readonly slots: number;
  readonly ahead: number;
  readonly #options: WorkersOptions;
  /** Those that get batches, and those that end. */
  readonly #workers = new Set<Worker>();
  readonly #bell: SharedArrayBuffer | undefined;
  #created = 0;
  #lost = 0;
  #failures = 0;
  /** How many workers in a row ended before they began any of their calls. */
  #barren = 0;
  #failure: { readonly reason: unknown } | undefined;
  /** How many batches went through channels. */
  #byChannel = 0;
  #listening = false;
  #disposed = false;
  /** Set while an idle worker may yet be given what waits behind others. */
  #look: ReturnType<typeof setTimeout> | undefined;

  /** @param shares Whether small values may travel through shared memory. */
  protected constructor(options: WorkersOptions, shares: boolean) {
    this.#options = options;
    this.slots = options.size;
    this.ahead = options.concurrency;
    this.#bell = shares && typeof SharedArrayBuffer === "function" ? new SharedArrayBuffer(DOORBELL_BYTES) : undefined;
  }

  /** Starts the runtime's thread or process. */
  protected abstract spawn(name: string): Port;

  /** Starts all workers: what a pool does first. */
  protected startAll(): void {
    try {
      while (this.#workers.size < this.slots) this.#start();
    } catch (error) {
      void this[Symbol.asyncDispose]();
      throw error;
    }
  }

  get returns(): boolean {
    return this.#bell !== undefined;
  }

  /** How many calls the next batch may have. */
  get mostCalls(): number {
    const { maxTasksPerWorker } = this.#options;
    if (maxTasksPerWorker === Infinity) return Infinity;
    const worker = this.#leastLoaded();
    return maxTasksPerWorker - (worker?.given ?? 0);
  }

  get counts(): { readonly workers: number; readonly busy: number; readonly lost: number } {
    let busy = 0;
    for (const { child } of this.#workers) if (child.load > 0) busy++;
    return { workers: this.#workers.size, busy, lost: this.#lost };
  }

  run(batch: Batch, options: RunOptions, listener: BatchListener): Promise<undefined> {
    const { signal, timeout } = options;
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    let worker: Worker;
    try {
      signal?.throwIfAborted();
      if (this.#failure !== undefined) throw this.#failure.reason;
      worker = this.#pick();
    } catch (error) {
      reject(error);
      return promise;
    }
    // Absent while it is sent: what cannot be sent is over before that ends.
    let flight: Flight | undefined;
    const ultimatum = new Ultimatum(
      () => flight === undefined || worker.child.isAt(flight),
      () => worker.child.kill(),
    );
    const giveUp = (reason: unknown): void => {
      if (flight !== undefined) worker.child.abort(flight, reason);
      ultimatum.set();
    };
    const onAbort = (): void => giveUp(signal?.reason);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const begun = (): void => {
      // The news may come after the abort.
      if (signal?.aborted) return;
      const reason = new TimeoutError(`Cannot finish task ${JSON.stringify(batch.task.name)} as it ran for more than ${timeout} ms`);
      timer = setTimeout(() => {
        flight?.failOne(0, reason);
        giveUp(reason);
      }, timeout);
    };
    const over = (): void => {
      clearTimeout(timer);
      ultimatum.lift();
      signal?.removeEventListener("abort", onAbort);
      if (flight?.byChannel) this.#byChannel--;
      if (worker.child.alive) this.#barren = 0;
      this.#rest(worker);
      // Whatever came of it: its caller has turned away.
      if (signal?.aborted) reject(signal.reason);
      else resolve(undefined);
    };
    this.#occupy(worker);
    signal?.addEventListener("abort", onAbort, { once: true });
    flight = worker.child.dispatch(batch, { listener, over, begun }, options);
    if (flight.byChannel) {
      this.#byChannel++;
      void this.#listen();
    }
    // Not before it has the batch: a worker without one ends at once.
    worker.given += batch.count;
    if (worker.given >= this.#options.maxTasksPerWorker) this.#retire(worker);
    return promise;
  }

  /** Takes calls that have not begun back from busy workers while others have nothing to do. */
  rebalance(): void {
    if (this.#bell === undefined) return;
    for (const { child, retired } of this.#workers) {
      if (child.load > 0 || retired || !child.ready) continue;
      if (this.#relieve()) continue;
      this.#lookLater();
      return;
    }
  }

  /** Looks again for calls that wait behind others: nothing else may happen until then that leads here. */
  #lookLater(): void {
    if (this.#look !== undefined || !this.#hasWaiting()) return;
    this.#look = setTimeout(() => {
      this.#look = undefined;
      this.rebalance();
    }, SLICE_MS);
    runtime().unrefTimer(this.#look);
  }

  #hasWaiting(): boolean {
    for (const { child } of this.#workers) for (const flight of child.flights()) if (child.unclaimed(flight) > 0) return true;
    return false;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await Promise.all(
      Array.from(this.#workers, ({ child, idle }) => {
        clearTimeout(idle);
        return child.terminate();
      }),
    );
  }

  /** Cuts the batch with the most calls that have not begun; false if none is worth it. */
  #relieve(): boolean {
    const now = performance.now();
    let most = 0;
    let richest: { readonly child: Child; readonly flight: Flight } | undefined;
    for (const { child } of this.#workers) {
      for (const flight of child.flights()) {
        // It is about to begin with its first; taken back, that would be as long on its way to another.
        if (child.ready && flight === child.first && child.untouched(flight)) break;
        const grains = child.unclaimed(flight);
        if (grains <= most || now - flight.since < PATIENCE_MS) continue;
        most = grains;
        richest = { child, flight };
      }
    }
    // One that runs keeps half; one that only waits behind another goes as a whole.
    richest?.child.cut(richest.flight, richest.child.untouched(richest.flight) ? 0 : most >> 1);
    return richest !== undefined;
  }

  /** Delivers replies as they come, as long as any are to come. */
  async #listen(): Promise<void> {
    if (this.#listening || this.#bell === undefined) return;
    this.#listening = true;
    const bell = new Doorbell(this.#bell);
    const hasReply = (): boolean => {
      for (const { channel } of this.#workers) if (channel?.hasReply) return true;
      return false;
    };
    try {
      while (this.#byChannel > 0) {
        await bell.sleep(hasReply, SLICE_MS);
        for (const { child } of this.#workers) child.drain();
        this.rebalance();
      }
    } finally {
      // Whatever a listener throws, the next batch must not wait for replies that nobody takes.
      this.#listening = false;
    }
  }

  #leastLoaded(): Worker | undefined {
    let best: Worker | undefined;
    for (const worker of this.#workers) {
      if (worker.retired || !worker.child.alive) continue;
      if (best === undefined || worker.child.load < best.child.load || (worker.child.load === best.child.load && worker.child.ready && !best.child.ready))
        best = worker;
    }
    return best;
  }

  #pick(): Worker {
    const best = this.#leastLoaded();
    if (best === undefined || (best.child.load > 0 && this.#inService() < this.slots)) return this.#start();
    return best;
  }

  /** How many workers get batches. */
  #inService(): number {
    let count = 0;
    for (const { retired, child } of this.#workers) if (!retired && child.alive) count++;
    return count;
  }

  #occupy(worker: Worker): void {
    if (worker.child.load > 0) return;
    clearTimeout(worker.idle);
    worker.child.ref();
  }

  #rest(worker: Worker): void {
    if (worker.child.load > 0) return;
    worker.child.unref();
    if (worker.retired) dismiss(worker);
    else this.#watchIdle(worker);
  }

  /** Ends a worker that has nothing to do for too long. */
  #watchIdle(worker: Worker): void {
    const { idleTimeout } = this.#options;
    if (idleTimeout === Infinity || worker.retired || worker.child.load > 0) return;
    clearTimeout(worker.idle);
    worker.idle = setTimeout(() => {
      worker.retired = true;
      dismiss(worker);
    }, idleTimeout);
    runtime().unrefTimer(worker.idle);
  }

  /** Gives a worker nothing more, so that it ends once it has done what it has; another takes its place first. */
  #retire(worker: Worker): void {
    if (worker.retired) return;
    worker.retired = true;
    this.#tryStart();
  }

  #start(): Worker {
    const { label, concurrency, initializer, maxMemoryPerWorker } = this.#options;
    const workerId = this.#created++;
    const name = `${label}-${workerId + 1}`;
    const channel = this.#bell && new ParentChannel(this.#bell);
    const child = new Child(() => this.spawn(name), {
      name,
      crossProcess: !this.sharesMemory,
      channel,
      start: { daemon: true, workerId, concurrency, initializer, tellsMemory: maxMemoryPerWorker < Infinity },
      onReady: () => {
        this.#failures = 0;
        this.#watchIdle(worker);
        this.rebalance();
      },
      onExit: (exit) => this.#ended(worker, exit),
      onMemory: (bytes) => {
        if (bytes <= maxMemoryPerWorker) return;
        this.#retire(worker);
        if (worker.child.load === 0) dismiss(worker);
      },
    });
    const worker: Worker = { child, channel, given: 0, retired: false, idle: undefined };
    child.unref();
    this.#workers.add(worker);
    const started = topic("interlock.pool.worker.start");
    if (started.hasSubscribers) started.publish({ pool: label, worker: name });
    return worker;
  }

  #ended(worker: Worker, exit: Exit): void {
    const { child, retired } = worker;
    clearTimeout(worker.idle);
    this.#workers.delete(worker);
    const ended = topic("interlock.pool.worker.exit");
    if (ended.hasSubscribers) ended.publish({ pool: this.#options.label, worker: child.name, ...exit });
    if (this.#disposed || retired) return;
    this.#lost++;
    if (child.hasBegun) this.#barren = 0;
    else if (child.load > 0) this.#barren++;
    if (!child.ready) this.#failures++;
    if (Math.max(this.#failures, this.#barren) >= MOST_FAILURES) {
      this.#failure = { reason: child.failure ?? lostIdle(child.name, exit) };
      return;
    }
    this.#tryStart();
  }

  #tryStart(): void {
    if (this.#disposed || this.#inService() >= this.slots) return;
    try {
      this.#start();
    } catch {
      // The next batch tries again, and gets the error.
    }
  }
}
