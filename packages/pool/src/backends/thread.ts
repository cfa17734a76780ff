/**
 * Batches on threads.
 *
 * @module
 */
import type { Backend, RunOptions } from "../backend.ts";
import type { Batch, BatchResult } from "../batch.ts";
import { entry } from "../entry/url.ts";
import type { Port } from "../runtime/runtime.ts";
import { runtime } from "../runtime/select.ts";
import { Child } from "../transport/child.ts";
import { pack } from "../transport/pack.ts";

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
    try {
      for (let i = 0; i < slots; i++) this.#idle.push(this.#start());
    } catch (error) {
      void this[Symbol.asyncDispose]();
      throw error;
    }
  }

  async run(batch: Batch, { signal, transfer }: RunOptions = {}): Promise<BatchResult> {
    signal?.throwIfAborted();
    const child = this.#take();
    child.ref();
    let deadline: ReturnType<typeof setTimeout> | undefined;
    const onAbort = (): void => {
      deadline = setTimeout(() => child.kill(), GRACE_MS);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      return await child.run(pack(batch, child), transfer);
    } finally {
      clearTimeout(deadline);
      signal?.removeEventListener("abort", onAbort);
      this.#giveBack(child);
      // Whatever came of it: its caller has turned away.
      signal?.throwIfAborted();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    await Promise.all([...this.#all].map((child) => child.terminate()));
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
    const name = `${this.#label}-${++this.#created}`;
    const open = (): Port => (this.#factory === undefined ? runtime().spawnThread(entry(), { name }) : runtime().adopt(this.#factory()));
    const child = new Child(open, { name, crossProcess: false });
    child.unref();
    this.#all.add(child);
    void child.exited.then(() => {
      this.#all.delete(child);
      this.#replace(child);
    });
    return child;
  }

  #replace(child: Child): void {
    // A worker that never got ready would fail again at once: the next batch tries. It may have done so already.
    if (!child.ready || this.#disposed || this.#all.size >= this.slots) return;
    try {
      this.#idle.push(this.#start());
    } catch {
      // The next batch tries again, and gets the error.
    }
  }
}
