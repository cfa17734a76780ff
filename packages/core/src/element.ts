/**
 * An element: a number, a bool or a struct, as values and arrays hold them.
 *
 * @module
 */
import { viewsOf } from "./access.ts";
import type { Place } from "./memory.ts";
import type { Layout } from "./struct.ts";
import type { ValueType, ValueView } from "./type-code.ts";

/** How an element is stored. */
export type Element = ValueType | Layout;

/** Plainly, or each number atomically. */
export type How = "plain" | "atomic";

/** What an access of the type takes first. */
export function cellsOf(type: Element, how: How, { memory }: Place): unknown {
  return type[how].over(viewsOf(memory.buffer));
}

/** A typed array over `length` elements; over the bytes of structs. */
export function viewOf(type: Element, { memory, offset }: Place, length = 1): ValueView {
  const buffer = memory.buffer as ArrayBuffer;
  return type.kind === "struct" ? new Uint8Array(buffer, offset, length * type.bytes) : new type.view(buffer, offset, length);
}

/** What an update is to store: what its function returned or, if that was nothing, the copy of a struct that it changed. */
export function updated(type: Element, copy: unknown, returned: unknown, action: string): unknown {
  return type.check(returned === undefined && type.kind === "struct" ? copy : returned, action);
}
