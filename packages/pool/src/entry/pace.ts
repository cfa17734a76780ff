/**
 * How many calls a worker claims at once: so many that a claim costs nothing, and the parent may take back the rest.
 *
 * @module
 */

/** What is claimed at once takes about this long. */
const CLAIM_MS = 0.05;
/** V8 runs a function that is called often by better code than one whose loop is long. */
export const MOST_CLAIMED: number = 1 << 12;
/** Where a claim costs a call of the system. */
export const MOST_NOTED: number = 1 << 16;

/** The parent is woken for results that others of the batch would hold up longer than this. */
const WAKE_MS = 1;

/** Measures the calls of a batch, block by block. */
export class Pace {
  /** How many calls to claim next. */
  atOnce = 1;
  /** Milliseconds that calls have taken. */
  spent = 0;
  #since = 0;
  #first = 0;
  #lastWake = 0;
  readonly #most: number;

  /** @param most How many calls may be claimed at once. */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * A block has ended, or none was begun yet.
   *
   * @param next The first call after it.
   * @returns Whether its results should not wait for others.
   */
  endBlock(next: number): boolean {
    const now = performance.now();
    const calls = next - this.#first;
    const spent = now - this.#since;
    this.#since = now;
    if (calls === 0) {
      this.#lastWake = now;
      return false;
    }
    this.spent += spent;
    if (spent < CLAIM_MS) this.atOnce = Math.min(this.atOnce * 4, this.#most);
    else this.atOnce = Math.max(1, Math.floor((calls * CLAIM_MS) / spent));
    return now - this.#lastWake > WAKE_MS;
  }

  /** A block begins with a call. */
  beginBlock(first: number): void {
    this.#first = first;
  }

  /** The parent is woken. */
  woke(): void {
    this.#lastWake = performance.now();
  }
}
