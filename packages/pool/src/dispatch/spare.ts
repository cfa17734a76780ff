/**
 * Shared memory that a map needs no longer, kept for the next.
 *
 * New memory comes from the system page by page, at the first touch of each: that takes a third of the time of a map over a
 * million numbers.
 *
 * @module
 */
import type { TypedArray } from "../channel/records.ts";
import { runtime } from "../runtime/select.ts";

/** Who maps again does it soon. */
const KEPT_MS = 1000;

/** Memory of more than so many times what is wanted is not used for that: it is not to outlive the large maps that it was made for. */
const TOO_LARGE = 4;

type Numbers<T> = { new (memory: SharedArrayBuffer, offset: number, length: number): T; readonly BYTES_PER_ELEMENT: number };

/** Shared memory for one map after the other. */
export class Spare {
  #memory: SharedArrayBuffer | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** A typed array over shared memory, which may hold anything. */
  take<T extends TypedArray>(Type: Numbers<T>, length: number): T {
    const bytes = length * Type.BYTES_PER_ELEMENT;
    const kept = this.#memory;
    if (kept === undefined || kept.byteLength < bytes || kept.byteLength > bytes * TOO_LARGE) return new Type(new SharedArrayBuffer(bytes), 0, length);
    this.forget();
    return new Type(kept, 0, length);
  }

  /** Takes memory back. Nobody may write there any more: not as long as a worker could be at work on it. */
  giveBack({ buffer }: TypedArray): void {
    // The larger is the one that took longer to get; it stays no longer for that.
    if (this.#memory !== undefined && this.#memory.byteLength > buffer.byteLength) return;
    this.forget();
    this.#memory = buffer as SharedArrayBuffer;
    this.#timer = setTimeout(() => this.forget(), KEPT_MS);
    runtime().unrefTimer(this.#timer);
  }

  /** Keeps nothing. */
  forget(): void {
    this.#memory = undefined;
    clearTimeout(this.#timer);
  }
}
