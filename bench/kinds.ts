/**
 * What is handed from thread to thread, and how much of it arrived.
 *
 * @module
 */

/** A string of 64 characters, a small object, or 64 KiB of doubles. */
export type Kind = "text" | "object" | "buffer";

const TEXT = "the quick brown fox jumps over the lazy dog and runs away from it";
const texts = Array.from({ length: 64 }, (_, i) => `${i}: `.padEnd(64, TEXT));
const buffers = Array.from({ length: 4 }, (_, i) => new Float64Array(8192).fill(i + 1));

/** The `i`th item. */
export function makeItem(kind: Kind, i: number): unknown {
  if (kind === "text") return texts[i & 63];
  if (kind === "object") return { id: i, name: "worker", ok: true, score: 1.5 };
  return buffers[i & 3];
}

/** A number that an item stands for, so that nothing can be lost unnoticed. */
export function weigh(kind: Kind, item: unknown): number {
  if (kind === "text") return (item as string).charCodeAt(0);
  if (kind === "object") return (item as { id: number }).id;
  return (item as Float64Array)[8191] as number;
}
