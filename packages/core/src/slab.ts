/**
 * Memory of threads: one buffer that many small objects share, and that goes when the last of them is collected.
 *
 * @module
 */
import { describe } from "./describe.ts";
import { LINE, type Memory, type MemoryHandle, type Place, type ThreadMemoryHandle } from "./memory.ts";
import { attachSystemMemory } from "./memory-kinds.ts";
import type { Agent, Roster } from "./roster.ts";
import { isSharedBytes, sharedBytes } from "./shared-bytes.ts";
import { futex, type WaitBackend } from "./sys/futex.ts";
import { LAYOUT } from "./sys/layout.ts";
import { home, type Membership, membership } from "./sys/thread.ts";

const SLAB_BYTES = 64 * 1024;

/** What a large object's slab has left for others, such as the locks that travel through a queue. */
const BESIDE_BYTES = 16 * 1024;

/** A slab's first line holds its id, a random number as a double. */
const HEAD_BYTES = LINE;

/** A memory of threads. */
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
    this.#next = owned ? HEAD_BYTES : -1;
  }

  allocate(byteLength: number, align = 8): number {
    requireAllocation(byteLength, align);
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
    const offset = Math.ceil(this.#next / align) * align;
    return this.#next >= 0 && offset + byteLength <= this.buffer.byteLength ? offset : -1;
  }
}

/** Checks what `allocate` of any memory is given. */
export function requireAllocation(byteLength: unknown, align: unknown): void {
  if (!(Number.isSafeInteger(byteLength) && (byteLength as number) >= 0)) {
    throw new RangeError(`Cannot allocate as 'byteLength' must be an integer >= 0: received ${describe(byteLength)}`);
  }
  if (!(Number.isInteger(align) && (align as number) >= 1 && Number.isInteger(Math.log2(align as number)))) {
    throw new RangeError(`Cannot allocate as 'align' must be a power of two: received ${describe(align)}`);
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

/** Reserves bytes in the given memory, else in this thread's default one, which grows slab by slab. */
export function place(memory: Memory | undefined, byteLength: number, align: number): Place {
  if (memory === undefined) memory = chosen;
  if (memory !== undefined) {
    if (typeof (memory as Partial<Memory> | null)?.allocate === "function") return { memory, offset: memory.allocate(byteLength, align) };
    throw new TypeError(`Cannot allocate ${byteLength} bytes as 'memory' must be a Memory, such as another object's .memory: received ${describe(memory)}`);
  }
  // With room for a lock behind it.
  if (current === undefined || current.fit(byteLength + 2 * LINE, align) < 0) {
    const large = byteLength > SLAB_BYTES / 2;
    const buffer = sharedBytes(large ? byteLength + BESIDE_BYTES : SLAB_BYTES);
    // 53 random bits.
    new Float64Array(buffer, 0, 1)[0] = Math.random();
    const fresh = new Slab(buffer, home(), true);
    // Whoever attaches one of its objects in this very thread gets this memory, which may allocate.
    remember(fresh, buffer);
    // A large object has a slab to itself, and leaves the current one in use.
    if (large) return { memory: fresh, offset: fresh.allocate(byteLength, align) };
    current = fresh;
  }
  return { memory: current, offset: current.allocate(byteLength, align) };
}

/** The memory of what lies beside a new object that was given none; undefined if there is no room. */
export function beside({ memory }: Place): Memory | undefined {
  return memory instanceof Slab && memory.fit(LINE, LINE) >= 0 ? memory : undefined;
}

const attached = new WeakMap<SharedArrayBuffer, Slab>();

/** By id: engines give the same memory a new object in each message, and each thread is to have one `Memory` of it. */
const slabs = new Map<number, WeakRef<Slab>>();
const forgotten = new FinalizationRegistry((id: number) => {
  if (slabs.get(id)?.deref() === undefined) slabs.delete(id);
});

/** The id of a slab; 0 if the memory was made by somebody else, as a hostile handle may name. */
function idOf(buffer: SharedArrayBuffer): number {
  return buffer.byteLength < HEAD_BYTES ? 0 : (new Float64Array(buffer, 0, 1)[0] as number);
}

function remember(slab: Slab, buffer: SharedArrayBuffer): void {
  const id = idOf(buffer);
  attached.set(buffer, slab);
  if (id === 0) return;
  slabs.set(id, new WeakRef(slab));
  forgotten.register(slab, id);
}

/** The memory that a buffer is of, if this thread has it already. */
function recall(buffer: SharedArrayBuffer): Slab | undefined {
  const known = attached.get(buffer) ?? slabs.get(idOf(buffer))?.deref();
  if (known?.buffer.byteLength !== buffer.byteLength) return undefined;
  attached.set(buffer, known);
  return known;
}

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
  for (const [name, bytes] of Object.entries({ buffer, roster })) {
    if (!isSharedBytes(bytes)) {
      throw new TypeError(`Cannot attach memory as '${name}' must be a SharedArrayBuffer: received ${Object.prototype.toString.call(bytes)}`);
    }
  }
  const member = membership(roster);
  let memory = recall(buffer);
  if (memory === undefined) {
    memory = new Slab(buffer, member, false);
    remember(memory, buffer);
  } else if (memory.agent !== member.agent) {
    throw new TypeError("Cannot attach memory as its roster differs from the one it was attached with");
  }
  return memory;
}

/** Whether two handles are of the same memory. */
export function isSameMemory(one: MemoryHandle, other: MemoryHandle): boolean {
  if ("system" in one) return "system" in other && one.id === other.id;
  if (!("buffer" in other)) return false;
  const id = idOf(one.buffer);
  return one.buffer === other.buffer || (id !== 0 && id === idOf(other.buffer));
}
