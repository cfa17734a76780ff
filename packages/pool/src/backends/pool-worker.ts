/**
 * One worker of a pool: a child that runs one batch after the other.
 *
 * @module
 */
import type { ParentChannel } from "../channel/channel.ts";
import { runtime } from "../runtime/select.ts";
import type { Child } from "../transport/child.ts";
import { atDeadline } from "../transport/deadline.ts";

/** How long a worker has to end that has nothing more to do: a task may have left something behind that keeps it. */
const FAREWELL_MS = 1000;

/** A worker, and how much it was given. It keeps the program alive while it has a batch. */
export class PoolWorker {
  readonly child: Child;
  readonly channel: ParentChannel | undefined;
  /** How many calls it was given. */
  given = 0;
  /** Whether it gets no more batches. */
  retired = false;
  readonly #idleTimeout: number;
  #idle: ReturnType<typeof setTimeout> | undefined;

  /** @param idleTimeout After so many milliseconds with nothing to do it ends. */
  constructor(child: Child, channel: ParentChannel | undefined, idleTimeout: number) {
    this.child = child;
    this.channel = channel;
    this.#idleTimeout = idleTimeout;
    child.unref();
  }

  /** Whether it gets batches. */
  get inService(): boolean {
    return !this.retired && this.child.alive;
  }

  /** It is about to get a batch. */
  occupy(): void {
    if (this.child.load > 0) return;
    clearTimeout(this.#idle);
    this.child.ref();
  }

  /** It is done with a batch. */
  rest(): void {
    if (this.child.load > 0) return;
    this.child.unref();
    if (this.retired) this.dismiss();
    else this.watchIdle();
  }

  /** Ends it if it has nothing to do for too long from now on. */
  watchIdle(): void {
    if (this.#idleTimeout === Infinity || this.retired || this.child.load > 0) return;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.retired = true;
      this.dismiss();
    }, this.#idleTimeout);
    runtime().unrefTimer(this.#idle);
  }

  /** Lets it end, as it has nothing to do, and sees to it that it does. */
  dismiss(): void {
    this.child.finish();
    void this.child.exited.then(atDeadline(FAREWELL_MS, FAREWELL_MS, () => void this.child.terminate(), { unref: true }));
  }

  /** Nothing is to be done about it any more: it has ended, or is ended. */
  forget(): void {
    clearTimeout(this.#idle);
  }
}
