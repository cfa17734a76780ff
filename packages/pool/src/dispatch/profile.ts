/**
 * How long the calls of a task take, and so how many of them travel together.
 *
 * @module
 */

/** A batch is to take about this long: long against a wake, short against a wait. */
const BATCH_MS = 2;

/** Towards the end, batches shrink to this part of the usual. */
const SMALLEST = 8;

/** How much a new measurement counts. */
const WEIGHT = 0.5;

/** A batch grows at most by this factor: clocks are coarse, and first calls say little. */
const GROWTH = 32;

/** So many chunks of a given size travel as one at most. */
const DEEPEST = 32;

/** What is known of a task. */
export class Profile {
  #cost: number | undefined;
  #last = 1;

  /** Whether its batches are short enough for one to wait behind another. */
  get short(): boolean {
    return this.#cost !== undefined && this.#cost < BATCH_MS;
  }

  /** How many chunks of a given size are as long as a usual batch: each by itself, it would wait for its message. */
  depth(size: number): number {
    return this.#cost === undefined ? 1 : Math.min(DEEPEST, Math.floor(BATCH_MS / (Math.max(this.#cost, 1e-6) * size)));
  }

  /** Notes that each of some calls took so many milliseconds. */
  took(count: number, milliseconds: number): void {
    this.#cost = this.#cost === undefined ? milliseconds : this.#cost + WEIGHT * (milliseconds - this.#cost);
    this.#last = Math.max(this.#last, count);
  }

  /**
   * How many calls the next batch has.
   *
   * @param waiting How many wait.
   * @param slots Between how many they are to be divided.
   * @param most The most that may travel together.
   * @param idle How many workers have nothing to do, and can give back what they have not begun.
   */
  batchSize(waiting: number, slots: number, most: number, idle: number = 0): number {
    if (this.#cost === undefined) return 1;
    const fitting = Math.min(BATCH_MS / Math.max(this.#cost, 1e-6), this.#last * GROWTH, most);
    const share = Math.ceil(waiting / idle);
    if (share <= fitting) return share;
    // Smaller towards the end, so that all end together; but not so small that the way there takes longer than the work.
    return Math.max(1, Math.floor(Math.min(waiting, fitting, Math.max(fitting / SMALLEST, Math.ceil(waiting / (2 * slots))))));
  }
}
