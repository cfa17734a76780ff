/**
 * Batches on threads.
 *
 * @module
 */
import type { Backend, RunOptions } from "../backend.ts";
import type { Batch, BatchResult } from "../batch.ts";
import { entry } from "../entry/url.ts";
import { runtime } from "../runtime/select.ts";
import { Child } from "../transport/child.ts";

/** How long a task has to settle after an abort before it costs its worker. */
const GRACE_MS = 100;

/** Makes a worker that calls `serve`, for bundlers. */
export type WorkerFactory = () => unknown;

/** A fixed number of threads, each replaced when it is lost. */
export class ThreadBackend implements Backend {
  readonly name = "thread";
  readonly sharesMemory: boolean = true;
  readonly slots: number;
  readonly #factory: WorkerFactory | undefined;
  readonly #label: string;
  readonly #idle: Child[] = [];
  readonly #all = new Set<Child>();
  #created = 0;
  #disposed = false;

  constructor(slots: number, label: string, factory: WorkerFactory | undefined) {
    this.slots = slots;
    this.#label = label;
    this.#factory = factory;
    for (let i = 0; i < slots; i++) this.#idle.push(this.#start());
  }

  async run(batch: Batch, { signal, transfer }: RunOptions = {}): Promise<BatchResult> {
    signal?.throwIfAborted();
    const child = this.#take();
    child.ref();
    let running: Promise<BatchResult>;
    try {
      running = child.run(batch, transfer);
    } catch (error) {
      this.#giveBack(child);
      throw error;
    }
    if (signal === undefined) return running.finally(() => this.#giveBack(child));
    return this.#abortable(running, child, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await Promise.all([...this.#all].map((child) => child.terminate()));
  }

  #abortable(running: Promise<BatchResult>, child: Child, signal: AbortSignal): Promise<BatchResult> {
    return new Promise((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const onAbort = (): void => {
        reject(signal.reason);
        timer = setTimeout(() => child.kill(), GRACE_MS);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      running.then(resolve, reject).finally(() => {
        clearTimeout(timer);
        signal.removeEventListener("abort", onAbort);
        this.#giveBack(child);
      });
    });
  }

  /** An idle worker that lives. One that died while idle was replaced, or could not start: then this is its retry. */
  #take(): Child {
    for (let child = this.#idle.pop(); child !== undefined; child = this.#idle.pop()) if (child.alive) return child;
    return this.#start();
  }

  #giveBack(child: Child): void {
    if (!child.alive) return;
    child.unref();
    this.#idle.push(child);
  }

  #start(): Child {
    const current = runtime();
    const name = `${this.#label}-${++this.#created}`;
    const port = this.#factory === undefined ? current.spawnThread(entry(), { name }) : current.adopt(this.#factory());
    const child = new Child(port, typeof SharedArrayBuffer === "function", name);
    child.unref();
    this.#all.add(child);
    void child.exited.then(() => {
      this.#all.delete(child);
      // A worker that never got ready would fail again at once: the next batch tries.
      if (child.ready && !this.#disposed) this.#idle.push(this.#start());
    });
    return child;
  }
}
