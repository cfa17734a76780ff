/**
 * Where words live. A slab is one buffer that many small objects share; it goes when the last of them is collected.
 *
 * @module
 */
import type { Agent, Roster } from "./roster.ts";
import { sharedBytes } from "./shared-bytes.ts";
import { futex, type WaitBackend } from "./sys/futex.ts";
import { LAYOUT } from "./sys/layout.ts";
import { home, type Membership, type MemoryKind, membership, memoryKinds } from "./sys/thread.ts";

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

const SLAB_BYTES = 64 * 1024;

/** What a large object's slab has left for others, such as the locks that travel through a queue. */
const BESIDE_BYTES = 16 * 1024;

class Slab implements Memory {
  readonly buffer: SharedArrayBuffer;
  readonly agent: Agent;
  readonly roster: Roster;
  readonly waiter: WaitBackend = futex;
  readonly handle: ThreadMemoryHandle;
  readonly crossProcess = false;
  /** First free byte; -1 where the memory belongs to another thread, which alone knows. */
  #next: number;

  constructor(buffer: SharedArrayBuffer, { roster, agent }: Membership, owned: boolean) {
    this.buffer = buffer;
    this.agent = agent;
    this.roster = roster;
    this.handle = { layout: LAYOUT, buffer, roster: roster.buffer };
    this.#next = owned ? 0 : -1;
  }

  allocate(byteLength: number, align = 8): number {
    if (this.#next < 0) {
      throw new RangeError(`Cannot allocate ${byteLength} bytes as this memory is attached: only the thread that created it allocates`);
    }
    const offset = this.fit(byteLength, align);
    if (offset < 0) {
      throw new RangeError(`Cannot allocate ${byteLength} bytes as the memory has ${this.buffer.byteLength - this.#next} left of ${this.buffer.byteLength}`);
    }
    this.#next = offset + byteLength;
    return offset;
  }

  /** The offset that `byteLength` bytes would get, or -1 if they do not fit. */
  fit(byteLength: number, align: number): number {
    const offset = (this.#next + align - 1) & -align;
    return offset + byteLength <= this.buffer.byteLength ? offset : -1;
  }
}

let current: Slab | undefined;

/** Where objects lie that are given no memory, in place of slabs: tests may choose. */
let chosen: Memory | undefined;

/** What {@linkcode chooseMemory} was given last. */
export function chosenMemory(): Memory | undefined {
  return chosen;
}

/** Chooses where objects lie from now on that are given no memory; undefined for slabs. */
export function chooseMemory(memory: Memory | undefined): void {
  chosen = memory;
}

/** Bytes in a memory. */
export interface Place {
  readonly memory: Memory;
  readonly offset: number;
}

/** Reserves bytes in the given memory, else in this thread's default one, which grows slab by slab. */
export function place(memory: Memory | undefined, byteLength: number, align: number): Place {
  if (memory === undefined) memory = chosen;
  if (memory !== undefined) {
    if (typeof (memory as Partial<Memory> | null)?.allocate === "function") return { memory, offset: memory.allocate(byteLength, align) };
    throw new TypeError(`Cannot allocate ${byteLength} bytes as 'memory' must be a Memory, such as another object's .memory: received ${String(memory)}`);
  }
  if (current === undefined || current.fit(byteLength, align) < 0) {
    const large = byteLength > SLAB_BYTES / 2;
    const fresh = new Slab(sharedBytes(large ? byteLength + BESIDE_BYTES : SLAB_BYTES), home(), true);
    // Whoever attaches one of its objects in this very thread gets this memory, which may allocate.
    attached.set(fresh.buffer, fresh);
    // A large object has a slab to itself, and leaves the current one in use.
    if (large) return { memory: fresh, offset: fresh.allocate(byteLength, align) };
    current = fresh;
  }
  return { memory: current, offset: current.allocate(byteLength, align) };
}

const attached = new WeakMap<SharedArrayBuffer, Memory>();

/**
 * Opens the memory of a handle in this thread.
 *
 * @throws {TypeError} If the handle is malformed or of another layout version.
 */
export function attachMemory(handle: MemoryHandle): Memory {
  if (handle?.layout !== LAYOUT) {
    throw new TypeError(
      `Cannot attach memory as its layout version must be ${LAYOUT}: received ${handle?.layout}; use one version of @interlock/core on both sides`,
    );
  }
  if ("system" in handle) return attachSystemMemory(handle);
  const { buffer, roster } = handle;
  if (!(buffer instanceof SharedArrayBuffer)) {
    throw new TypeError(`Cannot attach memory as 'buffer' must be a SharedArrayBuffer: received ${Object.prototype.toString.call(buffer)}`);
  }
  const member = membership(roster);
  let memory = attached.get(buffer);
  if (memory === undefined) {
    memory = new Slab(buffer, member, false);
    attached.set(buffer, memory);
  } else if (memory.agent !== member.agent) {
    throw new TypeError("Cannot attach memory as its roster differs from the one it was attached with");
  }
  return memory;
}

/** Whether two handles are of the same memory. */
export function isSameMemory(one: MemoryHandle, other: MemoryHandle): boolean {
  if ("system" in one) return "system" in other && one.id === other.id;
  return "buffer" in other && one.buffer === other.buffer;
}

/** Makes memory of a kind known to this thread: for packages that bring one. */
export function registerMemoryKind(system: string, attach: (handle: SystemMemoryHandle) => Memory): void {
  memoryKinds().set(system, attach as MemoryKind);
}

/** The module that must be loaded before the memory that an error is about can be attached; undefined if that is not the reason. */
export function moduleToLoad(error: unknown): string | undefined {
  return error instanceof UnknownMemoryError ? error.module : undefined;
}

class UnknownMemoryError extends TypeError {
  readonly module: string;

  constructor({ system, module }: SystemMemoryHandle) {
    super(
      `Cannot attach memory as its kind is not known in this thread: received ${JSON.stringify(system)}; import @interlock/${system} and call attachMemory with the handle first`,
    );
    this.module = module;
  }
}

function attachSystemMemory(handle: SystemMemoryHandle): Memory {
  const attach = memoryKinds().get(handle.system);
  if (attach === undefined) throw new UnknownMemoryError(handle);
  return attach(handle) as Memory;
}

const views = new WeakMap<SharedArrayBuffer | ArrayBuffer, Int32Array>();

/** The one `Int32Array` over all of a memory: every primitive in it uses the same. */
export function wordsOf(memory: Memory): Int32Array {
  let words = views.get(memory.buffer);
  if (words === undefined) {
    words = new Int32Array(memory.buffer, 0, memory.buffer.byteLength >> 2);
    views.set(memory.buffer, words);
  }
  return words;
}
