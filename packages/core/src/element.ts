/**
 * An element: a number, a bool or a struct, at a place in memory.
 *
 * @module
 */
import type { Cells, Scalar } from "./cells.ts";
import { isLive } from "./record.ts";
import type { Layout } from "./struct.ts";
import { checkValue, type ValueType } from "./type-code.ts";

/** How an element is stored. */
export type Element = ValueType | Layout;

/** What divides the offset of an element. */
export function alignOf(type: Element): number {
  return type.kind === "struct" ? type.align : type.bytes;
}

/** Reads an element; a struct as a live record. */
export function getElement(cells: Cells, type: Element, at: number): unknown {
  return type.kind === "struct" ? new type.Record(cells, at) : cells.get(type.name, at);
}

/** Reads an element; a struct as a plain object. */
export function copyElement(cells: Cells, type: Element, at: number): unknown {
  if (type.kind !== "struct") return cells.get(type.name, at);
  const copy: Record<string, unknown> = {};
  for (const field of type.members) copy[field.name] = copyElement(cells, field.type, at + field.offset);
  return copy;
}

/** Writes an element that `checked` returned; a struct field by field. */
export function setElement(cells: Cells, type: Element, at: number, value: unknown): void {
  if (type.kind !== "struct") cells.set(type.name, at, value as Scalar);
  else for (const field of type.members) setElement(cells, field.type, at + field.offset, (value as Record<string, unknown>)[field.name]);
}

/**
 * The value if the type can hold it. A struct is copied: what was checked is what is written, whatever its getters do.
 *
 * @param action Completes "Cannot …".
 * @param path Which field this is; none if it is the whole.
 */
export function checked(type: Element, value: unknown, action: string, path = ""): unknown {
  if (type.kind !== "struct") {
    checkValue(type, value, action, path === "" ? undefined : `field '${path}' (${type.name})`);
    return value;
  }
  const where = path === "" ? "a struct" : `field '${path}'`;
  if (typeof value !== "object" || value === null) {
    throw new TypeError(`Cannot ${action} as ${where} takes an object with ${names(type)}: received ${value === null ? "null" : typeof value}`);
  }
  const prefix = path === "" ? "" : `${path}.`;
  const given = value as Record<string, unknown>;
  const copy: Record<string, unknown> = {};
  for (const field of type.members) {
    const item = given[field.name];
    if (item === undefined)
      throw new TypeError(`Cannot ${action} as ${where} takes an object with ${names(type)}: received none with '${prefix}${field.name}'`);
    copy[field.name] = checked(field.type, item, action, prefix + field.name);
  }
  const stranger = isLive(value) ? undefined : Object.keys(value).find((key) => !Object.hasOwn(copy, key));
  if (stranger !== undefined) {
    throw new TypeError(`Cannot ${action} as ${where} takes an object with ${names(type)} only: received one with '${prefix}${stranger}'`);
  }
  return copy;
}

function names(type: Layout): string {
  return type.members.map(({ name }) => name).join(", ");
}

/** What an update is to store: what its function returned or, if that was nothing, the copy of a struct that it changed. */
export function updated(type: Element, copy: unknown, returned: unknown, action: string): unknown {
  return checked(type, returned === undefined && type.kind === "struct" ? copy : returned, action);
}
