/**
 * Handles of objects that travel through a queue: what lies in the queue's memory names none, as both sides know it.
 *
 * @module
 */
import type { Handle } from "./handle.ts";
import type { Memory, SystemMemoryHandle } from "./memory.ts";
import { isSameMemory } from "./slab.ts";

/** The queue that they travel through. */
interface Carrier {
  readonly memory: Memory;
  readonly handle: Handle;
}

/**
 * A handle without the memories of the object and its lock where both sides know them.
 *
 * @throws {TypeError} If one of them lies in memory that the other side cannot have; names the path.
 */
export function localize(handle: Handle, path: string, queue: Carrier): object {
  const { memory, lock, ...rest } = handle;
  const isLocal = isSameMemory(memory, queue.memory.handle);
  // Whoever gets it attaches memory of another kind as well.
  if (!isLocal && !("system" in memory)) {
    const { kind } = queue.handle;
    throw new TypeError(`Cannot put ${path} as it lies in another memory than ${kind}: create it with { memory: queue.memory }; received ${rest.kind}`);
  }
  return { ...rest, ...(isLocal ? {} : { memory }), ...(lock === undefined ? {} : { lock: localize(lock, path, queue) }) };
}

/** Makes a handle whole again. */
export function globalize(data: Handle, { memory }: Carrier): Handle {
  const own = memory.handle;
  const lock: Handle | undefined = data?.lock;
  // A lock has none of its own: damaged memory may say that it has, without an end.
  return { ...data, memory: foreign(data) ?? own, ...(lock === undefined ? {} : { lock: { ...lock, memory: foreign(lock) ?? own } }) };
}

/** The memory that a handle names; undefined if it names none that travels. */
function foreign(data: Handle | undefined): SystemMemoryHandle | undefined {
  const memory = data?.memory;
  return typeof memory === "object" && memory !== null && "system" in memory ? memory : undefined;
}
