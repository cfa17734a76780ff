/**
 * What producers put: items of several kinds and lengths, which say whose they are, and show any damage.
 *
 * @module
 */
import type { Random } from "./random.ts";

/** Whose item it is, and which of theirs. */
export interface Label {
  readonly producer: number;
  readonly sequence: number;
}

/** Producers are numbered below this. */
export const MOST_PRODUCERS = 256;

type Parts = readonly [producer: number, sequence: number, check: number];

/** What an object or a string needs besides its filler. */
const OVERHEAD = 64;
const LETTERS = "the quick brown fox jumps over the lazy dog ".repeat(200);

/** An item that a ring of `capacity` bytes can hold. */
export function makeItem(random: Random, { producer, sequence }: Label, capacity: number): unknown {
  const limit = capacity - OVERHEAD;
  const length = random.chance(0.6) ? random.below(Math.min(limit, 24)) : random.below(limit);
  const kind = random.below(10);
  // The number has no room for more of the check.
  if (kind < 4) return (sequence * MOST_PRODUCERS + producer) * 256 + (checkOf(producer, sequence, 0) & 255);
  const parts: Parts = [producer, sequence, checkOf(producer, sequence, length)];
  if (kind < 8) return `${parts.join()},${fillerOf(sequence, length)}`;
  if (kind === 8) return { parts, text: fillerOf(sequence, length) };
  return new Map<string, unknown>([
    ["parts", parts],
    ["bytes", Uint8Array.from({ length }, (_, i) => sequence + i)],
  ]);
}

/** The label of an item. Throws if it is not what a producer put. */
export function readItem(item: unknown): Label {
  const [[producer, sequence, check], length, intact] = dissect(item);
  if (intact && check === checkOf(producer, sequence, length)) return { producer, sequence };
  throw new Error(`Cannot accept an item as no producer put it: received ${typeof item === "object" ? JSON.stringify(item) : String(item)}`);
}

function dissect(item: unknown): [parts: Parts, length: number, intact: boolean] {
  if (typeof item === "number") {
    const label = Math.floor(item / 256);
    const [producer, sequence] = [label % MOST_PRODUCERS, Math.floor(label / MOST_PRODUCERS)];
    const check = checkOf(producer, sequence, 0);
    return [[producer, sequence, check], 0, item % 256 === (check & 255)];
  }
  if (typeof item === "string") {
    const [producer, sequence, check, text = ""] = item.split(",");
    return [[Number(producer), Number(sequence), Number(check)], text.length, text === fillerOf(Number(sequence), text.length)];
  }
  if (item instanceof Map) {
    const [parts, bytes] = [item.get("parts") as Parts, item.get("bytes") as Uint8Array];
    return [parts, bytes.length, bytes.every((byte, i) => byte === ((parts[1] + i) & 255))];
  }
  const { parts, text } = item as { parts: Parts; text: string };
  return [parts, text.length, text === fillerOf(parts[1], text.length)];
}

function fillerOf(sequence: number, length: number): string {
  const start = sequence % 44;
  return LETTERS.slice(start, start + length);
}

function checkOf(...parts: readonly number[]): number {
  return parts.reduce((hash, part) => Math.imul(hash ^ part, 0x01000193) ^ (hash >>> 15), 0x811c9dc5);
}
