/**
 * Listens for what workers reply through shared memory.
 *
 * @module
 */
import { DOORBELL_BYTES, Doorbell } from "../channel/doorbell.ts";
import { runtime } from "../runtime/select.ts";
import type { PoolWorker } from "./pool-worker.ts";

/**
 * While replies are to come, this thread looks for them at least so often if it sleeps on its bell, although it is woken for each; and
 * after a worker has ended.
 */
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
   * Whether a worker has ended. It may run on for a while, and if it then rings its knock is lost, and the others do not knock: nobody
   * tells when that is over.
   */
  #bereft = false;
  #watch: ReturnType<typeof setInterval> | undefined;

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
    this.#watchOver();
    if (this.#attends) return;
    if (!this.#knocks) void this.#listen();
    // Only now: what it came to may be here already, and nobody has to knock for it.
    else if (!this.#doorbell.lieDown(this.#hasReply)) this.heard();
  }

  /** A batch has no more replies to come. */
  end(): void {
    this.#expected--;
  }

  /** A worker has ended: whoever dies before it knocks has kept the others from it. */
  ended(): void {
    this.#bereft = this.#knocks;
    this.heard();
    this.#watchOver();
  }

  /** A worker knocked. */
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

  /** Looks for replies after each slice, as long as any are to come. */
  #watchOver(): void {
    if (!this.#bereft || this.#watch !== undefined || this.#expected === 0) return;
    this.#watch = setInterval(() => {
      if (this.#expected > 0) return this.heard();
      clearInterval(this.#watch);
      this.#watch = undefined;
    }, SLICE_MS);
    runtime().unrefTimer(this.#watch);
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
