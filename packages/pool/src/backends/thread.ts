/**
 * Batches on threads.
 *
 * @module
 */
import { entry } from "../entry/url.ts";
import type { Port } from "../runtime/runtime.ts";
import { runtime } from "../runtime/select.ts";
import type { WorkerSettings, WorkersOptions } from "./worker-settings.ts";
import { WorkersBackend } from "./workers.ts";

/** Makes a worker that calls `serve`, for bundlers. */
export type WorkerFactory = () => unknown;

/** A fixed number of threads. */
export class ThreadBackend extends WorkersBackend {
  override readonly name = "thread";
  override readonly sharesMemory = true;
  readonly #settings: WorkerSettings;
  readonly #factory: WorkerFactory | undefined;

  constructor(options: WorkersOptions, settings: WorkerSettings, factory: WorkerFactory | undefined) {
    super(options, true);
    this.#settings = settings;
    this.#factory = factory;
    this.startAll();
  }

  protected override spawn(name: string): Port {
    return this.#factory === undefined ? runtime().spawnThread(entry(), { ...this.#settings, name }) : runtime().adopt(this.#factory());
  }
}
