/**
 * What a call that nobody waits for any more has left, before it costs its worker.
 *
 * @module
 */

/** How long a call has to settle after an abort. */
const GRACE_MS = 100;

/** Timers of a thread that is not busy are not later than this. */
const LATE_MS = 20;

/** A last term for a call. */
export class Ultimatum {
  readonly #isAt: () => boolean;
  readonly #expired: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = 0;
  /** Whether the term was renewed already because this thread was busy. */
  #renewed = false;

  /**
   * @param isAt Whether the worker is at the call. What waits behind others, or for a worker that starts, will never begin,
   * and costs nothing.
   * @param expired Called once, if the worker was at it for all of the term.
   */
  constructor(isAt: () => boolean, expired: () => void) {
    this.#isAt = isAt;
    this.#expired = expired;
  }

  /** Begins the term. */
  set(): void {
    clearTimeout(this.#timer);
    this.#due = performance.now() + GRACE_MS;
    this.#timer = setTimeout(() => this.#check(), GRACE_MS);
  }

  /** The call has settled. */
  lift(): void {
    clearTimeout(this.#timer);
  }

  #check(): void {
    // If this thread was busy itself, what the worker has answered meanwhile is still to be heard: once more.
    const busy = !this.#renewed && performance.now() > this.#due + LATE_MS;
    this.#renewed ||= busy;
    if (busy || !this.#isAt()) this.set();
    else this.#expired();
  }
}
