/**
 * Numbers in shared memory, where workers find them.
 *
 * @module
 */
import type { TypedArray } from "../channel/records.ts";

/** From so many numbers on, they are put where workers find them, in pieces that no ring could hold. */
export const MANY = 4096;

/** A typed array over shared memory. */
export function shared<T extends TypedArray>(Type: { new (memory: SharedArrayBuffer): T; readonly BYTES_PER_ELEMENT: number }, length: number): T {
  return new Type(new SharedArrayBuffer(length * Type.BYTES_PER_ELEMENT));
}
