/**
 * Where an array lies: how its bytes are reserved, and opened from a handle.
 *
 * @module
 */
import { checkedAll, Elements } from "./elements.ts";
import { type Handle, openHandle, requireHandle } from "./handle.ts";
import type { Memory, Place } from "./memory.ts";
import { place } from "./slab.ts";
import { elementOf, typeOfHandle } from "./struct.ts";
import type { ElementType } from "./type-code.ts";

/** What divides the offset of an array, whatever its elements are. */
const ALIGN = 8;

/** As far as an unsigned shift of an offset reaches. */
const MAX_BYTES = 2 ** 32;

/** Where an array lies, and how many elements it has. */
export interface Extent {
  readonly at: Place;
  readonly length: number;
}

/** Reserves an array's bytes and stores its first elements, after checking all of them. */
export function createExtent(kind: string, type: unknown, sizeOrIterable: unknown, memory: Memory | undefined): Extent {
  const element = elementOf(type, kind);
  const values = typeof sizeOrIterable === "number" ? undefined : checkedAll(element, sizeOrIterable, `create ${kind}`);
  const length = values === undefined ? (sizeOrIterable as number) : values.length;
  if (!Number.isInteger(length) || length < 0) throw new RangeError(`Cannot create ${kind} as its size must be an integer >= 0: received ${length}`);
  if (length * element.bytes > MAX_BYTES) {
    throw new RangeError(`Cannot create ${kind} as it may have at most ${MAX_BYTES} bytes: received ${length} elements of ${element.bytes}`);
  }
  const at = place(memory, length * element.bytes, ALIGN);
  if (values !== undefined) new Elements(kind, element, { at, length }, "plain").write(0, values);
  return { at, length };
}

/** Opens an array's bytes. */
export function openExtent(kind: string, handle: Handle): Extent & { readonly type: ElementType } {
  requireHandle(handle, kind);
  const type = typeOfHandle(handle.type);
  const element = elementOf(type, kind);
  const { length } = handle;
  if (!Number.isSafeInteger(length) || (length as number) < 0) {
    throw new RangeError(`Cannot attach ${kind} as 'length' must be an integer >= 0: received ${String(length)}`);
  }
  return { at: openHandle(handle, kind, (length as number) * element.bytes, ALIGN), length: length as number, type };
}
