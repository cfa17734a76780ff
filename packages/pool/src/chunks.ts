/**
 * How `map` cuts its input.
 *
 * @module
 */
import { requireCount } from "./checks.ts";
import { leaves } from "./transport/leaves.ts";

/** Chunks for each worker, if the caller names no size: enough to even out uneven tasks. Python's figure. */
const CHUNKS_PER_SLOT = 4;

/** The size of a chunk: the caller's, else a share of the input. Throws if it is not an integer >= 1. */
export function chunkSizeOf(length: number, slots: number, chunkSize: number | undefined): number {
  if (chunkSize === undefined) return Math.max(1, Math.ceil(length / (slots * CHUNKS_PER_SLOT)));
  return requireCount(chunkSize, "chunkSize", "map");
}

/** What of a transfer list occurs in these items: engines refuse to move a thing twice. */
export function transferOf(items: readonly unknown[], transfer: readonly unknown[] | undefined): readonly unknown[] | undefined {
  if (transfer === undefined) return undefined;
  const present = new Set<unknown>();
  for (const [, part] of leaves(items, "items")) present.add(ArrayBuffer.isView(part) ? part.buffer : part);
  return transfer.filter((one) => present.has(one));
}
