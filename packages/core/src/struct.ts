/**
 * Structs: several named fields side by side, laid out as C does.
 *
 * @module
 */
import type { Access } from "./access.ts";
import type { Element } from "./element.ts";
import { checkStruct, MARK, structAccess } from "./record.ts";
import { type Check, type ElementType, typeOf } from "./type-code.ts";

/** Field names and their types, in the order in which they lie. */
export interface Fields {
  readonly [name: string]: ElementType;
}

/** A layout as plain data, as it travels in handles. */
export interface StructData {
  readonly [name: string]: string | StructData;
}

/** What {@linkcode struct} returns: a type with fields. */
export interface Struct<F extends object = Fields> {
  readonly fields: F;
  /** Bytes of one struct, padding included: C's `sizeof`. */
  readonly bytes: number;
  /** What divides the address of one: C's `alignof`. */
  readonly align: number;
  /** Where each field begins: C's `offsetof`. */
  readonly offsets: { readonly [K in keyof F]: number };
  /** The layout as plain data. */
  toJSON(): StructData;
}

/** One field of a layout. */
interface Member {
  readonly name: string;
  readonly type: Element;
  readonly offset: number;
}

const MAX_DEPTH = 16;
const MAX_FIELDS = 1024;

/** A struct as the rest of core sees it. */
export class Layout implements Struct {
  readonly kind = "struct";
  readonly fields: Fields;
  readonly members: readonly Member[];
  readonly offsets: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly align: number;
  /** Structs are found by their byte offset. */
  readonly shift = 0;
  /** How many structs are inside each other, this one included. */
  readonly depth: number;
  /** How many numbers and bools one has, those of nested structs included. */
  readonly cells: number;
  readonly check: Check;
  readonly plain: Access;
  readonly atomic: Access;

  constructor(fields: Fields, types: readonly (readonly [name: string, type: Element])[]) {
    this.fields = fields;
    const members: Member[] = [];
    let end = 0;
    let align = 1;
    let depth = 0;
    let cells = 0;
    for (const [name, type] of types) {
      const offset = roundUp(end, type.align);
      members.push({ name, type, offset });
      end = offset + type.bytes;
      align = Math.max(align, type.align);
      depth = Math.max(depth, type.kind === "struct" ? type.depth : 0);
      cells += type.kind === "struct" ? type.cells : 1;
    }
    if (depth >= MAX_DEPTH) throw new RangeError(`Cannot create struct as at most ${MAX_DEPTH} may be inside each other: received ${depth + 1}`);
    if (cells > MAX_FIELDS) throw new RangeError(`Cannot create struct as it may have at most ${MAX_FIELDS} fields, nested ones included: received ${cells}`);
    this.members = members;
    this.offsets = Object.freeze(Object.fromEntries(members.map(({ name, offset }) => [name, offset])));
    this.bytes = roundUp(end, align);
    this.align = align;
    this.depth = depth + 1;
    this.cells = cells;
    this.check = (value, action, field) => checkStruct(this, value, action, field);
    this.plain = structAccess(this, "plain");
    this.atomic = structAccess(this, "atomic");
  }

  toJSON(): StructData {
    return Object.fromEntries(Object.entries(this.fields).map(([name, type]) => [name, typeof type === "string" ? type : type.toJSON()]));
  }
}

function roundUp(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}

/** Equal layouts are one object, so that attaching one again and again makes no new classes. Programs have few. */
const known = new Map<string, Layout>();

function layoutOf(fields: object, resolve: (type: unknown) => ElementType): Layout {
  const entries = Object.entries(fields).map(([name, type]) => [checkName(name), resolve(type)] as const);
  if (entries.length === 0) throw new TypeError("Cannot create struct as it needs at least one field: received none");
  const types = entries.map(([name, type]) => [name, elementOf(type, `struct with field '${name}'`)] as const);
  const key = JSON.stringify(entries);
  let layout = known.get(key);
  if (layout === undefined) {
    layout = new Layout(Object.freeze(Object.fromEntries(entries)), types);
    known.set(key, layout);
  }
  return layout;
}

/** A name that keeps its place among the fields, and is nothing but a name. */
function checkName(name: string): string {
  if (name === "" || name === "__proto__" || name === MARK || /^\d+$/.test(name)) {
    throw new TypeError(`Cannot create struct as field names must be neither empty, nor a number, "__proto__" or "${MARK}": received ${JSON.stringify(name)}`);
  }
  return name;
}

function checkFields(fields: unknown): object {
  if (typeof fields === "object" && fields !== null && !Array.isArray(fields)) return fields;
  throw new TypeError(
    `Cannot create struct as its fields must be an object: received ${fields === null ? "null" : Array.isArray(fields) ? "an array" : typeof fields}`,
  );
}

/**
 * Describes a struct: a type with named fields, accepted wherever a type code is.
 *
 * Fields lie in the order in which they are written, aligned as C does, so a `ctypes.Structure` with the same fields has
 * the same bytes. The `value` of such a value, and the elements of such an array, are live records: reading a field reads
 * the memory, assigning one writes it. A record of an object with a lock reads and writes each field whole; several fields
 * together need the lock. A record's fields are accessors, so `{ ...record }` is empty: `record.toJSON()` is a plain copy.
 *
 * @param fields The fields' names and types: type codes, or other structs. At most 1024, 16 inside each other.
 * @throws {TypeError} If there is no field, a type is unknown, or a name is empty, a whole number or `__proto__`.
 * @throws {RangeError} If there are too many fields, or too many inside each other.
 *
 * @example
 * ```ts
 * import { struct, Value } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const point = struct({ x: "float64", y: "float64" });
 * const shape = struct({ sides: "uint8", center: point });
 * const value = new Value(shape, { sides: 3, center: { x: 0, y: 0 } });
 * value.value.center.x = 1.5;
 * value.value.center = { x: 2, y: value.value.center.x };
 * value.update((copy) => {
 *   copy.sides += 1;
 * });
 * assert.deepEqual(value.value.toJSON(), { sides: 4, center: { x: 2, y: 1.5 } });
 * assert.deepEqual([shape.bytes, shape.offsets.center], [24, 8]);
 * ```
 */
export function struct<F extends Fields>(fields: F): Struct<F> {
  return layoutOf(checkFields(fields), (type) => type as ElementType) as unknown as Struct<F>;
}

/** Looks a type up: a type code or a struct. */
export function elementOf(type: unknown, kind: string): Element {
  return type instanceof Layout ? type : typeOf(type as string, kind);
}

/** A type that must be a code: what has no meaning for a struct. */
export function codeOf(type: unknown, kind: string): string {
  if (typeof type !== "object" || type === null) return type as string;
  throw new TypeError(`Cannot create ${kind} as its operations are those of a single number or bool: received a struct; use Value and its lock`);
}

/** The type in a handle, after checking it: it may come from anywhere. */
export function typeOfHandle(data: unknown): ElementType {
  let budget = MAX_FIELDS;
  const read = (part: unknown, depth: number): ElementType => {
    if (typeof part !== "object") return part as ElementType;
    if (depth > MAX_DEPTH) throw new RangeError(`Cannot create struct as at most ${MAX_DEPTH} may be inside each other: received more`);
    return layoutOf(checkFields(part), (type) => {
      // Also of data that refers to the same part a thousand times on each of its levels.
      if (--budget < 0) throw new RangeError(`Cannot create struct as it may have at most ${MAX_FIELDS} fields, nested ones included: received more`);
      return read(type, depth + 1);
    });
  };
  return read(data, 1);
}
