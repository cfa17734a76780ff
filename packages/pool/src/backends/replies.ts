/**
 * Listens for what workers reply through shared memory.
 *
 * @module
 */
import { DOORBELL_BYTES, Doorbell } from "../channel/doorbell.ts";
import { runtime } from "../runtime/select.ts";
import type { PoolWorker } from "./pool-worker.ts";

/** While replies are to come, this thread looks for them at least so often if it sleeps on its bell, although it is woken for each. */
const SLICE_MS = 50;

/** Those who reply. */
type Repliers = Pick<PoolWorker, "child" | "channel">;

/** The replies of all workers of a pool, for which one doorbell rings. */
export class Replies {
  /** The doorbell, for the workers' channels. */
  readonly bell: SharedArrayBuffer;
  readonly #doorbell: Doorbell;
  readonly #workers: Iterable<Repliers>;
  readonly #came: () => void;
  readonly #knocks = runtime().knocks;
  /** How many batches have replies to come. */
  #expected = 0;
  /** Whether this thread looks for replies anyway. */
  #attends = false;

  /**
   * @param workers Those that there are, whenever the bell rings.
   * @param came Called after replies were delivered.
   * @param bell The memory of the doorbell.
   */
  constructor(workers: Iterable<Repliers>, came: () => void, bell: SharedArrayBuffer = new SharedArrayBuffer(DOORBELL_BYTES)) {
    this.#workers = workers;
    this.#came = came;
    this.bell = bell;
    this.#doorbell = new Doorbell(bell);
  }

  /** A batch went whose replies come through shared memory. */
  expect(): void {
    this.#expected++;
    if (this.#attends) return;
    if (!this.#knocks) void this.#listen();
    // Only now: what it came to may be here already, and nobody has to knock for it.
    else if (!this.#doorbell.lieDown(this.#hasReply)) this.heard();
  }

  /** A batch has no more replies to come. */
  end(): void {
    this.#expected--;
  }

  /** A worker knocked, or has ended: whoever dies before it knocks has kept the others from it. */
  heard(): void {
    if (!this.#knocks || this.#attends) return;
    this.#attends = true;
    try {
      this.#doorbell.rise();
      do this.#deliver();
      while (this.#expected > 0 && !this.#doorbell.lieDown(this.#hasReply));
    } finally {
      // Whatever a listener throws, with the next batch it goes on.
      this.#attends = false;
    }
  }

  readonly #hasReply = (): boolean => {
    for (const { channel } of this.#workers) if (channel?.hasReply) return true;
    return false;
  };

  #deliver(): void {
    for (const { child } of this.#workers) child.drain();
    this.#came();
  }

  /** Where nobody knocks: delivers replies as they come, as long as any are to come. */
  async #listen(): Promise<void> {
    this.#attends = true;
    try {
      while (this.#expected > 0) {
        await this.#doorbell.sleep(this.#hasReply, SLICE_MS);
        this.#deliver();
      }
    } finally {
      // Whatever a listener throws, the next batch must not wait for replies that nobody takes.
      this.#attends = false;
    }
  }
}
