/**
 * How a number or a bool is read and written, plainly or atomically: the one place that knows.
 *
 * Each type has functions of its own, so that the engine sees one kind of typed array in each. One `a[i]` for all types is
 * three times slower on V8 in a program that uses eight of them.
 *
 * @module
 */
import type { TypeName, ValueView } from "./type-code.ts";

type Buffer = SharedArrayBuffer | ArrayBuffer;

/** Typed arrays of each kind over all of a buffer, but for a rest that is shorter than an element. */
export class Views {
  readonly int8: Int8Array;
  readonly uint8: Uint8Array;
  readonly int16: Int16Array;
  readonly uint16: Uint16Array;
  readonly int32: Int32Array;
  readonly uint32: Uint32Array;
  readonly int64: BigInt64Array;
  readonly uint64: BigUint64Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;

  constructor(buffer: Buffer) {
    this.int8 = over(Int8Array, buffer);
    this.uint8 = over(Uint8Array, buffer);
    this.int16 = over(Int16Array, buffer);
    this.uint16 = over(Uint16Array, buffer);
    this.int32 = over(Int32Array, buffer);
    this.uint32 = over(Uint32Array, buffer);
    this.int64 = over(BigInt64Array, buffer);
    this.uint64 = over(BigUint64Array, buffer);
    this.float32 = over(Float32Array, buffer);
    this.float64 = over(Float64Array, buffer);
  }
}

function over<V extends ValueView>(
  view: { new (buffer: ArrayBuffer, offset: number, length: number): V; readonly BYTES_PER_ELEMENT: number },
  buffer: Buffer,
): V {
  return new view(buffer as ArrayBuffer, 0, Math.floor(buffer.byteLength / view.BYTES_PER_ELEMENT));
}

const known = new WeakMap<Buffer, Views>();

/** The views of a buffer: one set, however many values lie in it. */
export function viewsOf(buffer: Buffer): Views {
  let views = known.get(buffer);
  if (views === undefined) {
    views = new Views(buffer);
    known.set(buffer, views);
  }
  return views;
}

/** How values of a type are read and written. */
export interface Access {
  /** What the others take first: for a number the views of its kind, for a struct those of its fields. */
  over(views: Views): unknown;
  /** Reads a value; a struct as a live record. */
  get(cells: unknown, index: number): unknown;
  /** Reads a value; a struct as a plain object. */
  copy(cells: unknown, index: number): unknown;
  /** Stores a value of the type's kind. Integers wrap. */
  set(cells: unknown, index: number, value: unknown): void;
}

/** How a number or a bool is read and written: there is nothing live about it. */
type Scalar = Omit<Access, "copy">;

/** Without any synchronisation. */
// biome-ignore format: a table
const plainly: Readonly<Record<TypeName, Scalar>> = {
  int8: { over: (views) => views.int8, get: (a: Int8Array, i) => a[i] as number, set: (a: Int8Array, i, x: number) => { a[i] = x; } },
  uint8: { over: (views) => views.uint8, get: (a: Uint8Array, i) => a[i] as number, set: (a: Uint8Array, i, x: number) => { a[i] = x; } },
  int16: { over: (views) => views.int16, get: (a: Int16Array, i) => a[i] as number, set: (a: Int16Array, i, x: number) => { a[i] = x; } },
  uint16: { over: (views) => views.uint16, get: (a: Uint16Array, i) => a[i] as number, set: (a: Uint16Array, i, x: number) => { a[i] = x; } },
  int32: { over: (views) => views.int32, get: (a: Int32Array, i) => a[i] as number, set: (a: Int32Array, i, x: number) => { a[i] = x; } },
  uint32: { over: (views) => views.uint32, get: (a: Uint32Array, i) => a[i] as number, set: (a: Uint32Array, i, x: number) => { a[i] = x; } },
  int64: { over: (views) => views.int64, get: (a: BigInt64Array, i) => a[i] as bigint, set: (a: BigInt64Array, i, x: bigint) => { a[i] = x; } },
  uint64: { over: (views) => views.uint64, get: (a: BigUint64Array, i) => a[i] as bigint, set: (a: BigUint64Array, i, x: bigint) => { a[i] = x; } },
  float32: { over: (views) => views.float32, get: (a: Float32Array, i) => a[i] as number, set: (a: Float32Array, i, x: number) => { a[i] = x; } },
  float64: { over: (views) => views.float64, get: (a: Float64Array, i) => a[i] as number, set: (a: Float64Array, i, x: number) => { a[i] = x; } },
  bool: { over: (views) => views.uint8, get: (a: Uint8Array, i) => a[i] !== 0, set: (a: Uint8Array, i, x: boolean) => { a[i] = Number(x); } },
};

/** Each access atomic, all in one order; floats through their bits, as `Atomics` takes integers only. */
// biome-ignore format: a table
const atomically: Readonly<Record<TypeName, Scalar>> = {
  int8: { over: (views) => views.int8, get: (a: Int8Array, i) => Atomics.load(a, i), set: (a: Int8Array, i, x: number) => { Atomics.store(a, i, x); } },
  uint8: { over: (views) => views.uint8, get: (a: Uint8Array, i) => Atomics.load(a, i), set: (a: Uint8Array, i, x: number) => { Atomics.store(a, i, x); } },
  int16: { over: (views) => views.int16, get: (a: Int16Array, i) => Atomics.load(a, i), set: (a: Int16Array, i, x: number) => { Atomics.store(a, i, x); } },
  uint16: { over: (views) => views.uint16, get: (a: Uint16Array, i) => Atomics.load(a, i), set: (a: Uint16Array, i, x: number) => { Atomics.store(a, i, x); } },
  int32: { over: (views) => views.int32, get: (a: Int32Array, i) => Atomics.load(a, i), set: (a: Int32Array, i, x: number) => { Atomics.store(a, i, x); } },
  uint32: { over: (views) => views.uint32, get: (a: Uint32Array, i) => Atomics.load(a, i), set: (a: Uint32Array, i, x: number) => { Atomics.store(a, i, x); } },
  int64: { over: (views) => views.int64, get: (a: BigInt64Array, i) => Atomics.load(a, i), set: (a: BigInt64Array, i, x: bigint) => { Atomics.store(a, i, x); } },
  uint64: { over: (views) => views.uint64, get: (a: BigUint64Array, i) => Atomics.load(a, i), set: (a: BigUint64Array, i, x: bigint) => { Atomics.store(a, i, x); } },
  float32: { over: (views) => views.int32, get: (a: Int32Array, i) => float32Of(Atomics.load(a, i)), set: (a: Int32Array, i, x: number) => { Atomics.store(a, i, bitsOfFloat32(x)); } },
  float64: { over: (views) => views.int64, get: (a: BigInt64Array, i) => float64Of(Atomics.load(a, i)), set: (a: BigInt64Array, i, x: number) => { Atomics.store(a, i, bitsOfFloat64(x)); } },
  bool: { over: (views) => views.uint8, get: (a: Uint8Array, i) => Atomics.load(a, i) !== 0, set: (a: Uint8Array, i, x: boolean) => { Atomics.store(a, i, Number(x)); } },
};

function complete(table: Readonly<Record<TypeName, Scalar>>): Readonly<Record<TypeName, Access>> {
  return Object.fromEntries(Object.entries(table).map(([name, access]) => [name, { ...access, copy: access.get }])) as Record<TypeName, Access>;
}

export const plain: Readonly<Record<TypeName, Access>> = complete(plainly);
export const atomic: Readonly<Record<TypeName, Access>> = complete(atomically);

// Scratch for looking at a float's bits.
const float32 = new Float32Array(1);
const int32 = new Int32Array(float32.buffer);
const float64 = new Float64Array(1);
const int64 = new BigInt64Array(float64.buffer);

export function bitsOfFloat32(value: number): number {
  float32[0] = value;
  return int32[0] as number;
}

export function float32Of(bits: number): number {
  int32[0] = bits;
  return float32[0] as number;
}

export function bitsOfFloat64(value: number): bigint {
  float64[0] = value;
  return int64[0] as bigint;
}

export function float64Of(bits: bigint): number {
  int64[0] = bits;
  return float64[0] as number;
}
