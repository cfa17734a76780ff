/**
 * Batches on OS processes.
 *
 * @module
 */
import { entry } from "../entry/url.ts";
import type { Port } from "../runtime/runtime.ts";
import { runtime } from "../runtime/select.ts";
import type { WorkerSettings, WorkersOptions } from "./worker-settings.ts";
import { WorkersBackend } from "./workers.ts";

/** A fixed number of processes. */
export class ProcessBackend extends WorkersBackend {
  override readonly name = "process";
  override readonly sharesMemory = false;
  readonly #settings: WorkerSettings;

  /** @throws {TypeError} If the runtime has no processes. */
  constructor(options: WorkersOptions, settings: WorkerSettings) {
    super(options, false);
    this.#settings = settings;
    this.startAll();
  }

  protected override spawn(name: string): Port {
    const { spawnProcess, name: where } = runtime();
    if (spawnProcess === undefined) throw new TypeError(`Cannot start ${name} as ${where} has no processes: use the backend "thread"`);
    return spawnProcess(entry(), { ...this.#settings, name });
  }
}
