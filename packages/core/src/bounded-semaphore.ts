/**
 * A semaphore that never has more permits than at first.
 *
 * @module
 */
import type { Handle } from "./handle.ts";
import { LINE, type Place } from "./memory.ts";
import { createSemaphorePlace, Semaphore, type SemaphoreOptions } from "./semaphore.ts";
import { openTagged } from "./tagged.ts";

/**
 * A `Semaphore` that throws `RangeError` when more permits are released than were acquired: a mistake that a plain one
 * hides.
 *
 * - **Order**, **Memory**, **Failure**, **Waiting**: as `Semaphore`.
 *
 * @example One release too many
 * ```ts
 * import { BoundedSemaphore } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const seats = new BoundedSemaphore(1);
 * seats.run(() => assert.equal(seats.value, 0));
 * assert.throws(() => seats.release(), RangeError);
 * ```
 */
export class BoundedSemaphore extends Semaphore {
  /**
   * @param value How many permits there are at first, and at most: an integer >= 0.
   * @throws As `Semaphore`.
   */
  constructor(value?: number, options?: SemaphoreOptions);
  /** @internal */
  constructor(value: number | undefined, options: SemaphoreOptions | undefined, at: Place);
  constructor(value: number = 1, options?: SemaphoreOptions, at: Place = createSemaphorePlace("BoundedSemaphore", value, options?.memory)) {
    super(value, options, at);
  }

  /**
   * The semaphore of a handle, in this thread.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or nothing of the kind lies there.
   * @throws {RangeError} If it points outside its memory.
   */
  static override attach(handle: Handle): BoundedSemaphore {
    return new BoundedSemaphore(undefined, undefined, openTagged("BoundedSemaphore", handle, LINE));
  }

  protected override get kind(): "BoundedSemaphore" {
    return "BoundedSemaphore";
  }
}
