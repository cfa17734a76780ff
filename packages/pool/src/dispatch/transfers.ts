/**
 * What of a transfer list goes with which items.
 *
 * @module
 */
import type { Column } from "../channel/records.ts";
import { leaves } from "../transport/leaves.ts";

/** What of a transfer list occurs in these items: engines refuse to move a thing twice. */
export function transferOf(items: Column, transfer: readonly unknown[] | undefined): readonly unknown[] | undefined {
  if (transfer === undefined) return undefined;
  const present = new Set<unknown>();
  for (const [, part] of leaves(Array.from(items), "items")) present.add(ArrayBuffer.isView(part) ? part.buffer : part);
  return transfer.filter((one) => present.has(one));
}
