/**
 * Where words live: what every memory has, of threads or of processes.
 *
 * @module
 */
import type { Agent, Roster } from "./roster.ts";
import type { WaitBackend } from "./sys/futex.ts";

/** A memory as plain data: post it, and the other side attaches the same bytes. */
export type MemoryHandle = ThreadMemoryHandle | SystemMemoryHandle;

/** Memory of threads. */
export interface ThreadMemoryHandle {
  readonly layout: number;
  readonly buffer: SharedArrayBuffer;
  readonly roster: SharedArrayBuffer;
}

/** Memory of another kind, which the code that made it knows how to attach. */
export interface SystemMemoryHandle {
  readonly layout: number;
  /** What kind. */
  readonly system: string;
  /** The same for all handles of the same memory. */
  readonly id: string;
  /** The URL of a module whose function `register` makes memory of this kind known to a thread. */
  readonly module: string;
}

/** Where words live, who we are there, and how a thread sleeps on a word. */
export interface Memory {
  /** One buffer: a slab is a memory of its own. */
  readonly buffer: SharedArrayBuffer | ArrayBuffer;
  /** Who this thread is here. */
  readonly agent: Agent;
  /** Who else is alive here. */
  readonly roster: Roster;
  readonly waiter: WaitBackend;
  readonly handle: MemoryHandle;
  /** Whether another OS process may attach this memory. */
  readonly crossProcess: boolean;
  /**
   * Reserves zeroed bytes and returns their offset.
   *
   * @param byteLength How many bytes.
   * @param align A power of two that divides the offset; 8 if absent. A word that is waited on takes a line of 64.
   * @throws {RangeError} If the memory has no room, or is attached and not owned.
   */
  allocate(byteLength: number, align?: number): number;
}

/** The bytes of a cache line; words that are waited on have one to themselves. */
export const LINE = 64;

/** Bytes in a memory. */
export interface Place {
  readonly memory: Memory;
  readonly offset: number;
}

const views = new WeakMap<SharedArrayBuffer | ArrayBuffer, Int32Array>();

/** The one `Int32Array` over all of a memory: every primitive in it uses the same. */
export function wordsOf(memory: Memory): Int32Array {
  let words = views.get(memory.buffer);
  if (words === undefined) {
    words = new Int32Array(memory.buffer, 0, Math.floor(memory.buffer.byteLength / 4));
    views.set(memory.buffer, words);
  }
  return words;
}
