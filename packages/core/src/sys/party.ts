/**
 * One wait of one party at a barrier.
 *
 * @module
 */
import { BrokenBarrierError } from "../errors.ts";
import type { Arrival, Rendezvous } from "./rendezvous.ts";

/** One wait of one party. */
export class Party {
  readonly #rendezvous: Rendezvous;
  readonly #hasAction: boolean;
  #arrival: Arrival | undefined;
  /** Whether it found the barrier broken. */
  failed = false;

  constructor(rendezvous: Rendezvous, hasAction: boolean) {
    this.#rendezvous = rendezvous;
    this.#hasAction = hasAction;
  }

  /** Arrives if it has not, and says whether it need not wait any longer. */
  readonly passes = (): boolean => {
    try {
      this.#arrival ??= this.#rendezvous.arrive(this.#hasAction);
      return this.#arrival !== undefined && (this.#arrival.next !== "wait" || this.#rendezvous.ended(this.#arrival));
    } catch (error) {
      this.failed = true;
      throw error;
    }
  };

  get index(): number {
    return (this.#arrival as Arrival).index;
  }

  get acts(): boolean {
    return this.#arrival?.next === "act";
  }

  /** Breaks the barrier, unless it was passed just in time. */
  giveUp(cause?: unknown): number {
    const arrival = this.#arrival;
    if (!this.abandon() && arrival !== undefined && this.#rendezvous.ended(arrival)) return this.index;
    throw new BrokenBarrierError("Cannot pass Barrier as this party gave up waiting", cause === undefined ? undefined : { cause });
  }

  /** Breaks the generation in which it waits. Returns false if that has ended. */
  abandon(): boolean {
    if (this.#arrival !== undefined) return this.#rendezvous.break(this.#arrival.generation);
    this.#rendezvous.breakIncomplete();
    return true;
  }

  finish(action: () => unknown): void {
    try {
      action();
    } catch (error) {
      this.#rendezvous.fail(this.#arrival as Arrival);
      throw error;
    }
    this.#rendezvous.complete(this.#arrival as Arrival);
  }

  async finishAsync(action: () => unknown): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#rendezvous.fail(this.#arrival as Arrival);
      throw error;
    }
    this.#rendezvous.complete(this.#arrival as Arrival);
  }
}
