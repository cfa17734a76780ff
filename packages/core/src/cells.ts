/**
 * How a number or a bool is read and written at a place in a buffer, plainly or atomically: the one place that knows.
 *
 * Each case has a line of its own, so that the engine sees one kind of typed array there. A single `view[i]` for all
 * types is ten times slower in a program that uses several.
 *
 * @module
 */
import type { TypeName, ValueView } from "./type-code.ts";

/** What a cell holds. */
export type Scalar = number | bigint | boolean;

/** The cells of a buffer. `at` is a byte offset that the type's size divides. */
export interface Cells {
  get(type: TypeName, at: number): Scalar;
  /** Stores a value of the type's kind. Integers wrap. */
  set(type: TypeName, at: number, value: Scalar): void;
}

type Buffer = SharedArrayBuffer | ArrayBuffer;

/** A typed array over all of a buffer, but for a rest that is shorter than an element. */
function over<V extends ValueView>(
  view: { new (buffer: ArrayBuffer, offset: number, length: number): V; readonly BYTES_PER_ELEMENT: number },
  buffer: Buffer,
): V {
  return new view(buffer as ArrayBuffer, 0, Math.floor(buffer.byteLength / view.BYTES_PER_ELEMENT));
}

class PlainCells implements Cells {
  readonly #int8: Int8Array;
  readonly #uint8: Uint8Array;
  readonly #int16: Int16Array;
  readonly #uint16: Uint16Array;
  readonly #int32: Int32Array;
  readonly #uint32: Uint32Array;
  readonly #int64: BigInt64Array;
  readonly #uint64: BigUint64Array;
  readonly #float32: Float32Array;
  readonly #float64: Float64Array;

  constructor(buffer: Buffer) {
    this.#int8 = over(Int8Array, buffer);
    this.#uint8 = over(Uint8Array, buffer);
    this.#int16 = over(Int16Array, buffer);
    this.#uint16 = over(Uint16Array, buffer);
    this.#int32 = over(Int32Array, buffer);
    this.#uint32 = over(Uint32Array, buffer);
    this.#int64 = over(BigInt64Array, buffer);
    this.#uint64 = over(BigUint64Array, buffer);
    this.#float32 = over(Float32Array, buffer);
    this.#float64 = over(Float64Array, buffer);
  }

  get(type: TypeName, at: number): Scalar {
    switch (type) {
      case "int32":
        return this.#int32[at >>> 2] as number;
      case "float64":
        return this.#float64[at >>> 3] as number;
      case "float32":
        return this.#float32[at >>> 2] as number;
      case "uint8":
        return this.#uint8[at] as number;
      case "uint32":
        return this.#uint32[at >>> 2] as number;
      case "int64":
        return this.#int64[at >>> 3] as bigint;
      case "uint64":
        return this.#uint64[at >>> 3] as bigint;
      case "bool":
        return this.#uint8[at] !== 0;
      case "int16":
        return this.#int16[at >>> 1] as number;
      case "uint16":
        return this.#uint16[at >>> 1] as number;
      case "int8":
        return this.#int8[at] as number;
    }
  }

  set(type: TypeName, at: number, value: Scalar): void {
    switch (type) {
      case "int32":
        this.#int32[at >>> 2] = value as number;
        return;
      case "float64":
        this.#float64[at >>> 3] = value as number;
        return;
      case "float32":
        this.#float32[at >>> 2] = value as number;
        return;
      case "uint8":
        this.#uint8[at] = value as number;
        return;
      case "uint32":
        this.#uint32[at >>> 2] = value as number;
        return;
      case "int64":
        this.#int64[at >>> 3] = value as bigint;
        return;
      case "uint64":
        this.#uint64[at >>> 3] = value as bigint;
        return;
      case "bool":
        this.#uint8[at] = Number(value);
        return;
      case "int16":
        this.#int16[at >>> 1] = value as number;
        return;
      case "uint16":
        this.#uint16[at >>> 1] = value as number;
        return;
      case "int8":
        this.#int8[at] = value as number;
        return;
    }
  }
}

class AtomicCells implements Cells {
  readonly #int8: Int8Array;
  readonly #uint8: Uint8Array;
  readonly #int16: Int16Array;
  readonly #uint16: Uint16Array;
  readonly #int32: Int32Array;
  readonly #uint32: Uint32Array;
  readonly #int64: BigInt64Array;
  readonly #uint64: BigUint64Array;

  constructor(buffer: Buffer) {
    this.#int8 = over(Int8Array, buffer);
    this.#uint8 = over(Uint8Array, buffer);
    this.#int16 = over(Int16Array, buffer);
    this.#uint16 = over(Uint16Array, buffer);
    this.#int32 = over(Int32Array, buffer);
    this.#uint32 = over(Uint32Array, buffer);
    this.#int64 = over(BigInt64Array, buffer);
    this.#uint64 = over(BigUint64Array, buffer);
  }

  get(type: TypeName, at: number): Scalar {
    switch (type) {
      case "int32":
        return Atomics.load(this.#int32, at >>> 2);
      case "float64":
        return float64Of(Atomics.load(this.#int64, at >>> 3));
      case "float32":
        return float32Of(Atomics.load(this.#int32, at >>> 2));
      case "uint8":
        return Atomics.load(this.#uint8, at);
      case "uint32":
        return Atomics.load(this.#uint32, at >>> 2);
      case "int64":
        return Atomics.load(this.#int64, at >>> 3);
      case "uint64":
        return Atomics.load(this.#uint64, at >>> 3);
      case "bool":
        return Atomics.load(this.#uint8, at) !== 0;
      case "int16":
        return Atomics.load(this.#int16, at >>> 1);
      case "uint16":
        return Atomics.load(this.#uint16, at >>> 1);
      case "int8":
        return Atomics.load(this.#int8, at);
    }
  }

  set(type: TypeName, at: number, value: Scalar): void {
    switch (type) {
      case "int32":
        Atomics.store(this.#int32, at >>> 2, value as number);
        return;
      case "float64":
        Atomics.store(this.#int64, at >>> 3, bitsOfFloat64(value as number));
        return;
      case "float32":
        Atomics.store(this.#int32, at >>> 2, bitsOfFloat32(value as number));
        return;
      case "uint8":
        Atomics.store(this.#uint8, at, value as number);
        return;
      case "uint32":
        Atomics.store(this.#uint32, at >>> 2, value as number);
        return;
      case "int64":
        Atomics.store(this.#int64, at >>> 3, value as bigint);
        return;
      case "uint64":
        Atomics.store(this.#uint64, at >>> 3, value as bigint);
        return;
      case "bool":
        Atomics.store(this.#uint8, at, Number(value));
        return;
      case "int16":
        Atomics.store(this.#int16, at >>> 1, value as number);
        return;
      case "uint16":
        Atomics.store(this.#uint16, at >>> 1, value as number);
        return;
      case "int8":
        Atomics.store(this.#int8, at, value as number);
        return;
    }
  }
}

// One set of views a buffer, however many values lie in it.
const plain = new WeakMap<Buffer, Cells>();
const atomic = new WeakMap<Buffer, Cells>();

/** The cells of a buffer, by plain access. */
export function plainCells(buffer: Buffer): Cells {
  let cells = plain.get(buffer);
  if (cells === undefined) {
    cells = new PlainCells(buffer);
    plain.set(buffer, cells);
  }
  return cells;
}

/** The cells of a buffer, each access atomic; floats through their bits. */
export function atomicCells(buffer: Buffer): Cells {
  let cells = atomic.get(buffer);
  if (cells === undefined) {
    cells = new AtomicCells(buffer);
    atomic.set(buffer, cells);
  }
  return cells;
}

// Scratch for looking at a float's bits: `Atomics` takes integers only.
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
