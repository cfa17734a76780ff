/**
 * Listens for what workers reply through shared memory.
 *
 * @module
 */
import { DOORBELL_BYTES, Doorbell } from "../channel/doorbell.ts";
import type { PoolWorker } from "./pool-worker.ts";

/** While replies are to come, this thread looks for them at least so often, although it is woken for each. */
const SLICE_MS = 50;

/** The replies of all workers of a pool, for which one doorbell rings. */
export class Replies {
  /** The doorbell, for the workers' channels. */
  readonly bell: SharedArrayBuffer = new SharedArrayBuffer(DOORBELL_BYTES);
  readonly #doorbell: Doorbell = new Doorbell(this.bell);
  readonly #workers: Iterable<PoolWorker>;
  readonly #came: () => void;
  /** How many batches have replies to come. */
  #expected = 0;
  #listening = false;

  /**
   * @param workers Those that there are, whenever the bell rings.
   * @param came Called after replies were delivered.
   */
  constructor(workers: Iterable<PoolWorker>, came: () => void) {
    this.#workers = workers;
    this.#came = came;
  }

  /** A batch went whose replies come through shared memory. */
  expect(): void {
    this.#expected++;
    void this.#listen();
  }

  /** A batch has no more replies to come. */
  end(): void {
    this.#expected--;
  }

  /** Delivers replies as they come, as long as any are to come. */
  async #listen(): Promise<void> {
    if (this.#listening) return;
    this.#listening = true;
    const hasReply = (): boolean => {
      for (const { channel } of this.#workers) if (channel?.hasReply) return true;
      return false;
    };
    try {
      while (this.#expected > 0) {
        await this.#doorbell.sleep(hasReply, SLICE_MS);
        for (const { child } of this.#workers) child.drain();
        this.#came();
      }
    } finally {
      // Whatever a listener throws, the next batch must not wait for replies that nobody takes.
      this.#listening = false;
    }
  }
}
