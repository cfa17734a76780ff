/**
 * The types of a shared value: their names, Python's aliases, and how each is laid out.
 *
 * @module
 */

import { type Access, atomic, plain } from "./access.ts";
import type { Struct } from "./struct.ts";

type View =
  | Int8ArrayConstructor
  | Uint8ArrayConstructor
  | Int16ArrayConstructor
  | Uint16ArrayConstructor
  | Int32ArrayConstructor
  | Uint32ArrayConstructor
  | BigInt64ArrayConstructor
  | BigUint64ArrayConstructor
  | Float32ArrayConstructor
  | Float64ArrayConstructor;

/** Any typed array over a value's bytes. */
export type ValueView = InstanceType<View>;

/** How values of a type are stored. */
export interface ValueType {
  readonly name: TypeName;
  readonly bytes: number;
  readonly align: number;
  /** From a byte offset to an index for `plain` and `atomic`. */
  readonly shift: number;
  readonly view: View;
  /** What the values are in JavaScript, and which operations they allow. */
  readonly kind: "int" | "bigint" | "float" | "bool";
  readonly plain: Access;
  readonly atomic: Access;
  readonly check: Check;
}

/**
 * Returns a value that may be stored, or refuses: of another JavaScript type, or a fraction where an integer belongs.
 * Integers wrap, as in C.
 *
 * @param action Completes "Cannot …".
 * @param field Which field of a struct it is for; none if absent.
 */
export type Check = (value: unknown, action: string, field?: string) => unknown;

/** The names of the types. */
export type TypeName = "int8" | "uint8" | "int16" | "uint16" | "int32" | "uint32" | "int64" | "uint64" | "float32" | "float64" | "bool";

/** Python's type codes. `l L q Q` are 64 bits wide on every system. */
export type TypeAlias = "b" | "B" | "h" | "H" | "i" | "I" | "l" | "L" | "q" | "Q" | "f" | "d" | "?";

/** A type by its name or Python's code. */
export type TypeCode = TypeName | TypeAlias;

/** The type of a value or of an array's elements: a type code, or what `struct` returns. */
export type ElementType = TypeCode | Struct;

/** What a value of a type is in JavaScript; for a struct, an object with its fields. */
export type ValueOf<T extends ElementType> =
  T extends Struct<infer F>
    ? { -readonly [K in keyof F]: F[K] extends ElementType ? ValueOf<F[K]> : never }
    : T extends "bool" | "?"
      ? boolean
      : T extends "int64" | "uint64" | "l" | "L" | "q" | "Q"
        ? bigint
        : number;

/** What reading a value gives: for a struct a live record, of which `toJSON` returns a plain copy. */
export type Live<T extends ElementType> = T extends Struct ? ValueOf<T> & { toJSON(): ValueOf<T> } : ValueOf<T>;

/** A typed array over the elements of a type: over the bytes of bools and structs. */
// biome-ignore format: a table
export type ViewOf<T extends ElementType> =
  T extends "int8" | "b" ? Int8Array<ArrayBufferLike>
  : T extends "int16" | "h" ? Int16Array<ArrayBufferLike>
  : T extends "uint16" | "H" ? Uint16Array<ArrayBufferLike>
  : T extends "int32" | "i" ? Int32Array<ArrayBufferLike>
  : T extends "uint32" | "I" ? Uint32Array<ArrayBufferLike>
  : T extends "int64" | "l" | "q" ? BigInt64Array<ArrayBufferLike>
  : T extends "uint64" | "L" | "Q" ? BigUint64Array<ArrayBufferLike>
  : T extends "float32" | "f" ? Float32Array<ArrayBufferLike>
  : T extends "float64" | "d" ? Float64Array<ArrayBufferLike>
  : Uint8Array<ArrayBufferLike>;

/** A copy of several elements of a type: a typed array, or a list of bools or of plain objects. */
export type SliceOf<T extends ElementType> = T extends "bool" | "?" | Struct ? ValueOf<T>[] : ViewOf<T>;

/** What the function of an update may return; of a struct also nothing, if it changed the copy that it was given. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is what is meant.
export type Next<T extends ElementType> = ValueOf<T> | (T extends Struct ? void : never);

/** A type as objects show it: a code by its name, a struct as it is. */
export type ShownType<T extends ElementType> = T extends Struct ? T : TypeName;

const checks: Record<ValueType["kind"], (name: TypeName) => Check> = {
  int: (name) => (value, action, field) => (Number.isInteger(value) ? value : refuse("number", name, value, action, field)),
  float: (name) => (value, action, field) => (typeof value === "number" ? value : refuse("number", name, value, action, field)),
  bigint: (name) => (value, action, field) => (typeof value === "bigint" ? value : refuse("bigint", name, value, action, field)),
  bool: (name) => (value, action, field) => (typeof value === "boolean" ? value : refuse("boolean", name, value, action, field)),
};

function refuse(expected: string, name: TypeName, value: unknown, action: string, field: string | undefined): never {
  const what = field === undefined ? name : `field '${field}' (${name})`;
  if (typeof value === expected) throw new RangeError(`Cannot ${action} as ${what} takes an integer: received ${String(value)}`);
  throw new TypeError(`Cannot ${action} as ${what} takes a ${expected}: received ${value === null ? "null" : typeof value}`);
}

const types: Record<TypeName, ValueType> = {
  int8: describe("int8", Int8Array, "int"),
  uint8: describe("uint8", Uint8Array, "int"),
  int16: describe("int16", Int16Array, "int"),
  uint16: describe("uint16", Uint16Array, "int"),
  int32: describe("int32", Int32Array, "int"),
  uint32: describe("uint32", Uint32Array, "int"),
  int64: describe("int64", BigInt64Array, "bigint"),
  uint64: describe("uint64", BigUint64Array, "bigint"),
  float32: describe("float32", Float32Array, "float"),
  float64: describe("float64", Float64Array, "float"),
  bool: describe("bool", Uint8Array, "bool"),
};

function describe(name: TypeName, view: View, kind: ValueType["kind"]): ValueType {
  const bytes = view.BYTES_PER_ELEMENT;
  return { name, bytes, align: bytes, shift: Math.log2(bytes), view, kind, plain: plain[name], atomic: atomic[name], check: checks[kind](name) };
}

const aliases: Record<TypeAlias, TypeName> = {
  b: "int8",
  B: "uint8",
  h: "int16",
  H: "uint16",
  i: "int32",
  I: "uint32",
  l: "int64",
  L: "uint64",
  q: "int64",
  Q: "uint64",
  f: "float32",
  d: "float64",
  "?": "bool",
};

/** Looks a type up. Throws `TypeError` listing the valid ones. */
export function typeOf(code: string, kind: string): ValueType {
  const name = Object.hasOwn(aliases, code) ? aliases[code as TypeAlias] : (code as TypeName);
  if (typeof code === "string" && Object.hasOwn(types, name)) return types[name];
  const valid = [...Object.keys(types), ...Object.keys(aliases)].map((one) => JSON.stringify(one)).join(" ");
  throw new TypeError(`Cannot create ${kind} as 'type' must be one of ${valid}: received ${typeof code === "string" ? JSON.stringify(code) : typeof code}`);
}
