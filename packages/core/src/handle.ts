/**
 * Handles: core objects as plain data, and the base class that gives them out.
 *
 * @module
 */
import type { Memory, MemoryHandle, Place } from "./memory.ts";
import { attachMemory } from "./slab.ts";
import type { StructData } from "./struct.ts";
import { LAYOUT } from "./sys/layout.ts";

/** A core object as plain data: post it, and attach it on the other side. */
export interface Handle {
  /** The layout version, under a key that tells a handle from other data. */
  readonly "@interlock": number;
  /** The class to attach with. */
  readonly kind: string;
  readonly memory: MemoryHandle;
  /** Where the object lies in the memory, in bytes. */
  readonly offset: number;
  /** The type of a value, or of an array's elements. */
  readonly type?: string | StructData;
  /** How many elements an array has. */
  readonly length?: number;
  /** The lock of a value, an array or a condition. */
  readonly lock?: Handle;
}

/** Marks core objects, in whatever copy of core they were made. */
const SHAREABLE: symbol = Symbol.for(`@interlock/core/shareable/${LAYOUT}`);

/** What every core object has. */
export abstract class Shareable {
  readonly #place: Place;

  protected constructor(at: Place) {
    this.#place = at;
    Object.defineProperties(this, MARKS);
  }

  /** The memory that the object lies in; give it to other objects' constructors to keep them together. */
  get memory(): Memory {
    return this.#place.memory;
  }

  /** This object as plain data, for `postMessage`; attach it on the other side. */
  get handle(): Handle {
    return { "@interlock": LAYOUT, kind: this.kind, memory: this.memory.handle, offset: this.#place.offset };
  }

  /** The class's name, whatever a bundler made of it. */
  protected abstract get kind(): string;
}

const MARKS: PropertyDescriptorMap = {
  [SHAREABLE]: { value: true },
  // An own enumerable getter that structured clone trips over: without it, a posted object would arrive as an empty one.
  postMessage: {
    enumerable: true,
    get(this: Shareable): never {
      const { kind } = this.handle;
      throw new TypeError(
        `Cannot post ${kind} as it is not plain data: post its .handle and call ${kind}.attach(handle) on the other side, or pass it to a task`,
      );
    },
  },
};

/** Whether a value is a core object, of this copy of core or another with the same layout. */
export function isShareable(value: unknown): value is Shareable {
  return typeof value === "object" && value !== null && (value as Record<symbol, unknown>)[SHAREABLE] === true;
}

/** Whether a value looks like a handle; `attach` still checks each part. */
export function isHandle(value: unknown): value is Handle {
  return typeof value === "object" && value !== null && typeof (value as Partial<Handle>)["@interlock"] === "number";
}

/** Refuses what is no handle of a kind. */
export function requireHandle(handle: unknown, kind: string): asserts handle is Handle {
  if (!isHandle(handle)) throw new TypeError(`Cannot attach ${kind} as its handle is not one: received ${handle === null ? "null" : typeof handle}`);
  if (handle["@interlock"] !== LAYOUT) {
    throw new TypeError(
      `Cannot attach ${kind} as the handle's layout version must be ${LAYOUT}: received ${handle["@interlock"]}; use one version of @interlock/core on both sides`,
    );
  }
  if (handle.kind !== kind) throw new TypeError(`Cannot attach ${kind} as the handle is of another kind: received ${String(handle.kind)}`);
}

/**
 * Opens the bytes that a handle names, or refuses.
 *
 * @param kind The class that attaches.
 * @param byteLength How many bytes the object has.
 * @param align What divides its offset.
 */
export function openHandle(handle: Handle, kind: string, byteLength: number, align: number): Place {
  requireHandle(handle, kind);
  const memory = attachMemory(handle.memory);
  const { offset } = handle;
  if (!Number.isInteger(offset) || offset < 0 || offset % align !== 0 || offset + byteLength > memory.buffer.byteLength) {
    throw new RangeError(
      `Cannot attach ${kind} as 'offset' must be a multiple of ${align} with ${byteLength} bytes after it in ${memory.buffer.byteLength}: received ${String(offset)}`,
    );
  }
  return { memory, offset };
}
