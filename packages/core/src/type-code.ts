/**
 * The types of a shared value: their names, Python's aliases, and how each is laid out.
 *
 * @module
 */

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
  readonly view: View;
  /** What the values are in JavaScript, and which operations they allow. */
  readonly kind: "int" | "bigint" | "float" | "bool";
}

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

const types: Record<TypeName, ValueType> = {
  int8: { name: "int8", bytes: 1, view: Int8Array, kind: "int" },
  uint8: { name: "uint8", bytes: 1, view: Uint8Array, kind: "int" },
  int16: { name: "int16", bytes: 2, view: Int16Array, kind: "int" },
  uint16: { name: "uint16", bytes: 2, view: Uint16Array, kind: "int" },
  int32: { name: "int32", bytes: 4, view: Int32Array, kind: "int" },
  uint32: { name: "uint32", bytes: 4, view: Uint32Array, kind: "int" },
  int64: { name: "int64", bytes: 8, view: BigInt64Array, kind: "bigint" },
  uint64: { name: "uint64", bytes: 8, view: BigUint64Array, kind: "bigint" },
  float32: { name: "float32", bytes: 4, view: Float32Array, kind: "float" },
  float64: { name: "float64", bytes: 8, view: Float64Array, kind: "float" },
  bool: { name: "bool", bytes: 1, view: Uint8Array, kind: "bool" },
};

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

const expected = { int: "number", float: "number", bigint: "bigint", bool: "boolean" } as const;

/**
 * Refuses a value of the wrong JavaScript type, or a fraction where an integer belongs. Integers wrap, as in C.
 *
 * @param action Completes "Cannot …".
 * @param name What takes the value; the type if absent.
 */
export function checkValue(type: ValueType, value: unknown, action: string, name: string = type.name): void {
  if (type.kind === "int" && Number.isInteger(value)) return;
  if (typeof value !== expected[type.kind]) {
    throw new TypeError(`Cannot ${action} as ${name} takes a ${expected[type.kind]}: received ${value === null ? "null" : typeof value}`);
  }
  if (type.kind === "int") throw new RangeError(`Cannot ${action} as ${name} takes an integer: received ${String(value)}`);
}
