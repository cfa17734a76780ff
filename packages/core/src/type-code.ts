/**
 * The types of a shared value: their names, Python's aliases, and how each is laid out.
 *
 * @module
 */

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

/** What a value of a type is in JavaScript. */
export type ValueOf<T extends TypeCode> = T extends "bool" | "?" ? boolean : T extends "int64" | "uint64" | "l" | "L" | "q" | "Q" ? bigint : number;

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
  if (Object.hasOwn(types, name)) return types[name];
  const valid = [...Object.keys(types), ...Object.keys(aliases)].map((one) => JSON.stringify(one)).join(" ");
  throw new TypeError(`Cannot create ${kind} as 'type' must be one of ${valid}: received ${typeof code === "string" ? JSON.stringify(code) : typeof code}`);
}

const expected = { int: "number", float: "number", bigint: "bigint", bool: "boolean" } as const;

/**
 * Refuses a value of the wrong JavaScript type, or a fraction where an integer belongs. Integers wrap, as in C.
 *
 * @param action Completes "Cannot …".
 */
export function checkValue(type: ValueType, value: unknown, action: string): void {
  if (typeof value !== expected[type.kind]) {
    throw new TypeError(`Cannot ${action} as ${type.name} takes a ${expected[type.kind]}: received ${value === null ? "null" : typeof value}`);
  }
  if (type.kind === "int" && !Number.isInteger(value)) {
    throw new RangeError(`Cannot ${action} as ${type.name} takes an integer: received ${String(value)}`);
  }
}
