/**
 * Batches on a fixed number of workers of one kind, each replaced when it is lost: what threads and processes share.
 *
 * @module
 */
import { TimeoutError } from "@interlock/core/base";
import type { Backend, BatchListener, RunOptions } from "../backend.ts";
import type { Batch } from "../batch.ts";
import { ParentChannel } from "../channel/channel.ts";
import { topic } from "../events.ts";
import type { Exit, Port } from "../runtime/runtime.ts";
import { runtime } from "../runtime/select.ts";
import { Child } from "../transport/child.ts";
import type { Flight } from "../transport/flight.ts";
import { lostIdle } from "../transport/loss.ts";
import { PoolWorker } from "./pool-worker.ts";
import { Relief } from "./relief.ts";
import { Replies } from "./replies.ts";
import { Ultimatum } from "./ultimatum.ts";
import type { WorkersOptions } from "./worker-settings.ts";

/** After so many workers in a row that could not start, nothing more is tried. */
const MOST_FAILURES = 3;

/** A fixed number of workers. */
export abstract class WorkersBackend implements Backend {
  abstract readonly name: string;
  abstract readonly sharesMemory: boolean;
  readonly mapsInPlace = true;
  readonly slots: number;
  readonly ahead: number;
  readonly #options: WorkersOptions;
  /** Those that get batches, and those that end. */
  readonly #workers = new Set<PoolWorker>();
  /** What comes through memory that workers share with this thread, and goes back by it; absent if they do not. */
  readonly #replies: Replies | undefined;
  readonly #relief: Relief | undefined;
  #created = 0;
  #lost = 0;
  #failures = 0;
  /** How many workers in a row ended before they began any of their calls. */
  #barren = 0;
  #failure: { readonly reason: unknown } | undefined;
  #disposed = false;

  /** @param shares Whether small values may travel through shared memory. */
  protected constructor(options: WorkersOptions, shares: boolean) {
    this.#options = options;
    this.slots = options.size;
    this.ahead = options.concurrency;
    if (!shares || typeof SharedArrayBuffer !== "function") return;
    this.#relief = new Relief(this.#workers);
    this.#replies = new Replies(this.#workers, () => this.rebalance());
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
    return this.#relief !== undefined;
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
    let worker: PoolWorker;
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
      if (flight?.byChannel) this.#replies?.end();
      if (worker.child.alive) this.#barren = 0;
      worker.rest();
      // Whatever came of it: its caller has turned away.
      if (signal?.aborted) reject(signal.reason);
      else resolve(undefined);
    };
    worker.occupy();
    signal?.addEventListener("abort", onAbort, { once: true });
    flight = worker.child.dispatch(batch, { listener, over, begun }, options);
    // Not before it has the batch: a worker without one ends at once.
    worker.given += batch.count;
    if (worker.given >= this.#options.maxTasksPerWorker) this.#retire(worker);
    // At last, as the batch may be over before this returns.
    if (flight.byChannel) this.#replies?.expect();
    return promise;
  }

  /** Takes calls that have not begun back from busy workers while others have nothing to do. */
  rebalance(): void {
    this.#relief?.give();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await Promise.all(
      Array.from(this.#workers, (worker) => {
        worker.forget();
        return worker.child.terminate();
      }),
    );
  }

  #leastLoaded(): PoolWorker | undefined {
    let best: PoolWorker | undefined;
    for (const worker of this.#workers) {
      if (!worker.inService) continue;
      if (best === undefined || worker.child.load < best.child.load || (worker.child.load === best.child.load && worker.child.ready && !best.child.ready))
        best = worker;
    }
    return best;
  }

  #pick(): PoolWorker {
    const best = this.#leastLoaded();
    if (best === undefined || (best.child.load > 0 && this.#inService() < this.slots)) return this.#start();
    return best;
  }

  /** How many workers get batches. */
  #inService(): number {
    let count = 0;
    for (const { inService } of this.#workers) if (inService) count++;
    return count;
  }

  /** Gives a worker nothing more, so that it ends once it has done what it has; another takes its place first. */
  #retire(worker: PoolWorker): void {
    if (worker.retired) return;
    worker.retired = true;
    this.#tryStart();
  }

  #start(): PoolWorker {
    const { label, concurrency, initializer, maxMemoryPerWorker, idleTimeout } = this.#options;
    const workerId = this.#created++;
    const name = `${label}-${workerId + 1}`;
    const channel = this.#replies && new ParentChannel(this.#replies.bell, runtime().knocks ? () => child.knock() : undefined);
    const child = new Child(() => this.spawn(name), {
      name,
      crossProcess: !this.sharesMemory,
      channel,
      start: { daemon: true, workerId, concurrency, initializer, tellsMemory: maxMemoryPerWorker < Infinity },
      onKnock: () => this.#replies?.heard(),
      onReady: () => {
        this.#failures = 0;
        worker.watchIdle();
        this.rebalance();
      },
      onExit: (exit) => this.#ended(worker, exit),
      onMemory: (bytes) => {
        if (bytes <= maxMemoryPerWorker) return;
        this.#retire(worker);
        if (worker.child.load === 0) worker.dismiss();
      },
    });
    const worker = new PoolWorker(child, channel, idleTimeout);
    this.#workers.add(worker);
    const started = topic("interlock.pool.worker.start");
    if (started.hasSubscribers) started.publish({ pool: label, worker: name });
    return worker;
  }

  #ended(worker: PoolWorker, exit: Exit): void {
    const { child, retired } = worker;
    worker.forget();
    this.#workers.delete(worker);
    this.#replies?.ended();
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
