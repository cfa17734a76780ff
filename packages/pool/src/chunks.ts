/**
 * How `map` cuts its input.
 *
 * @module
 */

/** Chunks for each worker, if the caller names no size: enough to even out uneven tasks. Python's figure. */
const CHUNKS_PER_SLOT = 4;

/** The size of a chunk: the caller's, else a share of the input. Throws `RangeError` if it is not an integer >= 1. */
export function chunkSizeOf(length: number, slots: number, chunkSize: number | undefined): number {
  if (chunkSize === undefined) return Math.max(1, Math.ceil(length / (slots * CHUNKS_PER_SLOT)));
  if (!Number.isInteger(chunkSize) || chunkSize < 1) throw new RangeError(`Cannot map as 'chunkSize' must be an integer >= 1: received ${String(chunkSize)}`);
  return chunkSize;
}
