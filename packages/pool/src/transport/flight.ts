/**
 * A batch in the hands of a child: which of its calls are settled.
 *
 * @module
 */
import type { Batch, Outcome } from "../batch.ts";
import { type Column, NOTHING, OUTCOMES } from "../channel/records.ts";
import type { Ears } from "./child.ts";
import { fromErrorData } from "./error-data.ts";

/** A batch under way. */
export class Flight {
  readonly id: number;
  readonly batch: Batch;
  /** Its claims; -1 if it has none. */
  readonly slot: number;
  /** Whether it went through the channel, and so its results come there. */
  byChannel = false;
  /** Whether parts of its arguments were moved: nobody else can run it. */
  moved = false;
  /** When it set out. */
  readonly since: number = performance.now();
  readonly #ears: Ears;
  readonly #release: () => void;
  /** Which calls are settled, as 1; absent while none is. */
  #told: Uint8Array | undefined;
  #open: number;
  #returned = 0;
  /** Whether the child is done with it, or has lost it. */
  #left = false;
  #over = false;

  /** @param release Called once: each call was told of, and the child is done with the batch. */
  constructor(id: number, batch: Batch, slot: number, ears: Ears, release: () => void) {
    this.id = id;
    this.batch = batch;
    this.slot = slot;
    this.#ears = ears;
    this.#release = release;
    this.#open = batch.count;
  }

  /** Tells of what the child sent. */
  deliver(form: number, from: number, count: number, values: Column): void {
    if (count === 0) return;
    if (form === OUTCOMES) {
      for (let i = 0; i < count; i++) this.#settle(from + i, values[i] as Outcome);
      return;
    }
    if (this.#anyTold(from, from + count)) {
      this.#singly(form, from, count, values);
      return;
    }
    this.#mark(from, from + count);
    if (form === NOTHING) this.#ears.listener.stored(from, count);
    else this.#ears.listener.values(from, values);
    this.#checkOver();
  }

  /** Hands calls that did not begin back. */
  giveBack(from: number, to: number): void {
    let start = from;
    for (let i = from; i <= to; i++) {
      if (i < to && !this.#isTold(i)) continue;
      if (start < i) {
        this.#returned += i - start;
        this.#mark(start, i);
        this.#ears.listener.returned(start, i);
      }
      start = i + 1;
    }
    this.#checkOver();
  }

  /** Fails what is not settled of the calls below `to`. */
  fail(to: number, reason: (at: number) => unknown): void {
    for (let i = 0; i < to; i++) if (!this.#isTold(i)) this.failOne(i, reason(i));
  }

  failOne(at: number, error: unknown): void {
    if (this.#isTold(at)) return;
    this.#mark(at, at + 1);
    this.#ears.listener.failed(at, error);
    this.#checkOver();
  }

  begun(): void {
    this.#ears.begun?.();
  }

  report(at: number, value: unknown): void {
    this.#ears.listener.report(at, value);
  }

  /**
   * The child is done with the batch, or gone.
   *
   * @param cost The milliseconds that each call took; undefined if that is not known.
   */
  leave(cost: number | undefined): void {
    if (this.#left) return;
    this.#left = true;
    const ran = this.batch.count - this.#returned;
    if (ran > 0 && cost !== undefined) this.#ears.listener.took(ran, cost);
    this.#checkOver();
  }

  /** Checks whether this was the last of it. Call it after calls were told of. */
  #checkOver(): void {
    if (this.#open > 0 || !this.#left || this.#over) return;
    this.#over = true;
    this.#release();
    this.#ears.over();
  }

  /** Some of the calls were taken back in the meantime, by a parent that thought the child dead. */
  #singly(form: number, from: number, count: number, values: Column): void {
    for (let i = 0; i < count; i++) {
      if (this.#isTold(from + i)) continue;
      this.#mark(from + i, from + i + 1);
      if (form === NOTHING) this.#ears.listener.stored(from + i, 1);
      else this.#ears.listener.values(from + i, [values[i]]);
    }
    this.#checkOver();
  }

  #settle(at: number, outcome: Outcome): void {
    if (!outcome.ok) this.failOne(at, fromErrorData(outcome.error));
    else if (!this.#isTold(at)) {
      this.#mark(at, at + 1);
      this.#ears.listener.values(at, [outcome.value]);
      this.#checkOver();
    }
  }

  #isTold(at: number): boolean {
    return this.#open === 0 || this.#told?.[at] === 1;
  }

  #anyTold(from: number, to: number): boolean {
    if (this.#open === 0) return true;
    if (this.#told !== undefined) for (let i = from; i < to; i++) if (this.#told[i] === 1) return true;
    return false;
  }

  #mark(from: number, to: number): void {
    this.#open -= to - from;
    // Most batches are settled as a whole, and need no list.
    if (this.#told === undefined && this.#open > 0) this.#told = new Uint8Array(this.batch.count);
    this.#told?.fill(1, from, to);
  }
}
