/**
 * Attaching a handle of any kind, also inside messages.
 *
 * @module
 */
import { SharedArray } from "./array.ts";
import { Atomic } from "./atomic.ts";
import { Barrier } from "./barrier.ts";
import { BoundedSemaphore } from "./bounded-semaphore.ts";
import { type CarriedParcel, carriedAs } from "./carried.ts";
import { Condition } from "./condition.ts";
import { isRecord, type Parcel } from "./dehydrate.ts";
import { Event } from "./event.ts";
import { type Handle, isHandle, isShareable, type Shareable } from "./handle.ts";
import { Lock } from "./lock.ts";
import { JoinableQueue, Queue } from "./queue.ts";
import { RawArray } from "./raw-array.ts";
import { RawValue } from "./raw-value.ts";
import { RLock } from "./rlock.ts";
import { ReadLock, RWLock, WriteLock } from "./rwlock.ts";
import { Semaphore } from "./semaphore.ts";
import { Value } from "./value.ts";

// A function, as the queue attaches what is put into it: while modules load, that circle has a place where nothing is yet.
const classes = (): Readonly<Record<string, { attach(handle: Handle): Shareable }>> => ({
  Atomic,
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  JoinableQueue,
  Lock,
  Queue,
  RawArray,
  RawValue,
  ReadLock,
  RLock,
  RWLock,
  Semaphore,
  SharedArray,
  Value,
  WriteLock,
});

/**
 * The object of a handle, in this thread. If the class is known, its own `attach` makes a smaller bundle.
 *
 * @throws {TypeError} If the handle is malformed, or of an unknown kind or version.
 * @throws {RangeError} If it points outside its memory.
 */
export function attach(handle: Handle): Shareable {
  if (!isHandle(handle)) throw new TypeError(`Cannot attach as the handle is not one: received ${handle === null ? "null" : typeof handle}`);
  const known = classes();
  if (!Object.hasOwn(known, handle.kind)) {
    throw new TypeError(`Cannot attach as the handle's kind must be one of ${Object.keys(known).join(" ")}: received ${String(handle.kind)}`);
  }
  return (known[handle.kind] as { attach(handle: Handle): Shareable }).attach(handle);
}

/** How a message is put together again. */
export interface HydrateOptions {
  /** Makes an object of what `carry` of `dehydrate` returned; called once for each. If absent, such messages are refused. */
  readonly uncarry?: ((data: unknown) => unknown) | undefined;
}

/**
 * Puts the core objects of a dehydrated message back, attached in this thread. Changes the message in place.
 *
 * @throws As {@linkcode attach}, for a message that was tampered with.
 */
export function hydrate(message: unknown, options: HydrateOptions = {}): unknown {
  return new Unpacker(options).unpack(message);
}

class Unpacker {
  readonly #options: HydrateOptions;
  readonly #seen = new Set<object>();
  /** What was made of the parcels that came before: the same one stands for the same object. */
  readonly #made = new Map<object, unknown>();

  constructor(options: HydrateOptions) {
    this.#options = options;
  }

  unpack(value: unknown): unknown {
    if (typeof value !== "object" || value === null || this.#seen.has(value) || isHydrated(value)) return value;
    const { "@interlock/parcel": handle, "@interlock/carried": carried } = value as Partial<Parcel & CarriedParcel>;
    if (handle !== undefined) return this.#attach(value, handle);
    if (carried !== undefined) return this.#uncarry(value, carried);
    this.#seen.add(value);
    if (value instanceof Map) {
      const entries = [...value];
      value.clear();
      for (const [key, child] of entries) value.set(this.unpack(key), this.unpack(child));
    } else if (value instanceof Set) {
      const entries = [...value];
      value.clear();
      for (const child of entries) value.add(this.unpack(child));
    } else if (Array.isArray(value) || isRecord(value)) {
      const record = value as Record<string, unknown>;
      for (const key of Object.keys(record)) {
        const child = record[key];
        if (typeof child === "object" && child !== null) record[key] = this.unpack(child);
      }
    }
    return value;
  }

  #attach(parcel: object, handle: Handle): unknown {
    const made = this.#made.get(parcel) ?? attach(handle);
    this.#made.set(parcel, made);
    return made;
  }

  #uncarry(parcel: object, data: unknown): unknown {
    if (this.#made.has(parcel)) return this.#made.get(parcel);
    const { uncarry } = this.#options;
    if (uncarry === undefined) throw new TypeError("Cannot hydrate a message as it holds an object of another library: pass { uncarry }");
    const made = uncarry(data);
    this.#made.set(parcel, made);
    return made;
  }
}

/** Whether it was put back before: a message that had to wait for a module is gone through a second time. */
function isHydrated(value: object): boolean {
  return isShareable(value) || carriedAs(value) !== undefined;
}
