/**
 * Bytes that say what was made of them: the last word of an object's first line is a tag.
 *
 * @module
 */
import { type Handle, openHandle } from "./handle.ts";
import { LINE, type Memory, type Place, wordsOf } from "./memory.ts";
import { place } from "./slab.ts";

/** The tag's place among the words of the first line. */
const TAG = 15;

/** What a line was made. The values are part of the layout. */
export const tags = {
  Lock: 0x10c0_0001,
  RLock: 0x10c0_0002,
  Event: 0x10c0_0003,
  Semaphore: 0x10c0_0004,
  BoundedSemaphore: 0x10c0_0005,
  Condition: 0x10c0_0006,
  Barrier: 0x10c0_0007,
  RWLock: 0x10c0_0008,
  Queue: 0x10c0_0009,
  JoinableQueue: 0x10c0_000a,
} as const;

export type Tagged = keyof typeof tags;

/**
 * Reserves zeroed lines and tags them.
 *
 * @param init Sets up the words, of which `at` is the first, before anybody else can see them.
 */
export function createTagged(kind: Tagged, memory: Memory | undefined, byteLength: number, init?: (words: Int32Array, at: number) => void): Place {
  const at = place(memory, byteLength, LINE);
  const words = wordsOf(at.memory);
  init?.(words, at.offset >>> 2);
  Atomics.store(words, (at.offset >>> 2) + TAG, tags[kind]);
  return at;
}

/** Opens the lines of a handle, after checking that such an object was made there. */
export function openTagged(kind: Tagged, handle: Handle, byteLength: number, handleKind: string = kind): Place {
  const at = openHandle(handle, handleKind, byteLength, LINE);
  if (Atomics.load(wordsOf(at.memory), (at.offset >>> 2) + TAG) !== tags[kind]) {
    throw new TypeError(`Cannot attach ${handleKind} as there is none at offset ${at.offset}`);
  }
  return at;
}
