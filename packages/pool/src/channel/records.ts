/**
 * What the records of the two rings of a worker hold.
 *
 * Both start with eight words, and what follows them depends on the form:
 *
 * | word | of an order | of a reply |
 * |---|---|---|
 * | 0 | size in bytes | size in bytes |
 * | 1 | form | form |
 * | 2 | id of the batch | id of the batch |
 * | 3 | slot of its claims | index of the first call it tells of |
 * | 4 | number of calls | number of calls it tells of |
 * | 5 | number of the task | 1 if it is the last of its batch |
 * | 6 | flags, and above them how many batches went by message before | milliseconds that a call took, as a 32-bit float |
 * | 7 | bytes or type of what follows | bytes or type of what follows |
 *
 * | form | what follows |
 * |---|---|
 * | VALUES | an array, as the codec writes it: of items, of argument lists, or of results |
 * | NUMBERS | doubles |
 * | TYPED | a piece of a typed array, whose type word 7 numbers |
 * | OUTCOMES | an array of outcomes, as the codec writes it: not all calls succeeded |
 * | NOTHING | nothing: the results are where they belong already, or the record only says that the batch is done |
 *
 * @module
 */
import { codec } from "@interlock/core/base";
import type { RingReader, RingWriter } from "./ring.ts";

export const VALUES = 1;
export const NUMBERS = 2;
export const TYPED = 3;
export const OUTCOMES = 4;
export const NOTHING = 5;

export const ID = 2;
export const SLOT = 3;
export const FROM = 3;
export const COUNT = 4;
export const TASK = 5;
export const LAST = 5;
export const FLAGS = 6;
export const COST = 6;
export const LENGTH = 7;
const HEAD_WORDS = 8;
const HEAD_BYTES = HEAD_WORDS * 4;

/** There is no room for a record now. */
export const NO_ROOM = -1;
/** Values cannot travel in a record at all. */
export const CANNOT = -2;

/** What a record carries: an array-like of values. */
export type Column = ArrayLike<unknown>;

declare const Float16Array: Uint16ArrayConstructor | undefined;

const TYPES = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  // Came in 2025. Last, as the number of a type is its place in here.
  ...(typeof Float16Array === "undefined" ? [] : [Float16Array]),
] as const;

/** Where the compiler's library knows it. */
type HalfArray = typeof globalThis extends { readonly Float16Array: { readonly prototype: infer F } } ? F : never;

/** A typed array of any kind. */
export type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | HalfArray;

/** A typed array over shared memory on its way: some runtimes make slow arrays of those that come in a message. */
export interface ViewData {
  readonly type: number;
  readonly buffer: ArrayBufferLike;
  readonly offset: number;
  readonly length: number;
}

/** The number of a typed array's type; -1 if it is not known here, or of another realm. */
export function typeOf(array: Column): number {
  return TYPES.findIndex((Type) => array instanceof Type);
}

/** What tells of a typed array. */
export function viewData(view: TypedArray): ViewData {
  return { type: typeOf(view), buffer: view.buffer, offset: view.byteOffset, length: view.length };
}

/** Makes the typed array. */
export function viewOf({ type, buffer, offset, length }: ViewData): TypedArray {
  const Type = TYPES[type] as unknown as new (buffer: ArrayBufferLike, offset: number, length: number) => TypedArray;
  return new Type(buffer, offset, length);
}

/** Whether something is a typed array. */
export function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Of fewer numbers a list is no larger. */
const MANY_NUMBERS = 8;

/** A list of numbers as doubles, which travel faster; undefined if it is none. */
export function doublesOf(values: Column): Float64Array | undefined {
  const { length } = values;
  if (isTypedArray(values) || length < MANY_NUMBERS || typeof values[0] !== "number") return undefined;
  const doubles = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const value = values[i];
    if (typeof value !== "number") return undefined;
    doubles[i] = value;
  }
  return doubles;
}

/** Below this a loop beats the engine's own copy into shared memory. */
const SHORT = 64;

/** Writes records into a ring. */
export class RecordWriter {
  readonly #ring: RingWriter;
  readonly #bytes: Uint8Array;
  readonly #doubles: Float64Array;
  readonly #mostBytes: number;
  readonly #numbers: number;

  constructor(ring: RingWriter) {
    const { words, capacity } = ring;
    this.#ring = ring;
    this.#bytes = new Uint8Array(words.buffer);
    this.#doubles = new Float64Array(words.buffer);
    // A record of half the ring fits wherever the ring's position is, once the ring is empty.
    this.#mostBytes = capacity / 2 - HEAD_BYTES;
    this.#numbers = this.#mostBytes / 8;
  }

  /**
   * Starts a record for a column: writes its form, its length and its values, and leaves the rest of the head to the caller,
   * who then calls `commit`.
   *
   * @param form VALUES tries doubles and typed arrays first.
   * @returns The index of its first word; `NO_ROOM`, or `CANNOT` if it will never travel like this.
   */
  column(values: Column, form: number = VALUES): number {
    if (form === VALUES && isTypedArray(values)) return this.#typed(values);
    if (form === VALUES && typeof values[0] === "number") {
      const at = this.#allNumbers(values);
      if (at !== undefined) return at;
    }
    return this.#encoded(values, form);
  }

  /** Starts a record that carries nothing. */
  nothing(): number {
    return this.#start(0, NOTHING, 0);
  }

  /** Hands the record over. */
  commit(): void {
    this.#ring.commit();
  }

  #start(bytes: number, form: number, length: number): number {
    const at = this.#ring.reserve(HEAD_BYTES + bytes);
    if (at < 0) return NO_ROOM;
    const { words } = this.#ring;
    words[at + 1] = form;
    words[at + LENGTH] = length;
    return at;
  }

  /** undefined if one is no number. */
  #allNumbers(values: Column): number | undefined {
    const { length } = values;
    if (length > this.#numbers) return undefined;
    const at = this.#start(length * 8, NUMBERS, length);
    if (at < 0) return NO_ROOM;
    const doubles = this.#doubles;
    const first = (at + HEAD_WORDS) >> 1;
    for (let i = 0; i < length; i++) {
      const value = values[i];
      // What was reserved is not committed: the next record takes its place.
      if (typeof value !== "number") return undefined;
      doubles[first + i] = value;
    }
    return at;
  }

  #typed(values: TypedArray): number {
    const type = typeOf(values);
    if (type < 0 || values.byteLength > this.#mostBytes) return CANNOT;
    const at = this.#start(values.byteLength, TYPED, type);
    if (at >= 0) this.#bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), (at + HEAD_WORDS) * 4);
    return at;
  }

  #encoded(values: Column, form: number): number {
    let encoded: Uint8Array;
    try {
      encoded = codec.encode(values);
    } catch {
      // It may travel by message, or else it is the message that tells what is to blame.
      return CANNOT;
    }
    const { length } = encoded;
    if (length > this.#mostBytes) return CANNOT;
    const at = this.#start(length, form, length);
    if (at < 0) return NO_ROOM;
    const first = (at + HEAD_WORDS) * 4;
    if (length > SHORT) this.#bytes.set(encoded, first);
    else for (let i = 0; i < length; i++) this.#bytes[first + i] = encoded[i] as number;
    return at;
  }
}

/** Of so few numbers a plain array is made faster than a typed one. */
const FEW = 8;

/** Reads the column of the record whose first word is at `at`: a copy, which outlives the record. */
export function readColumn({ words, doubles }: RingReader, at: number): Column {
  const first = (at + HEAD_WORDS) * 4;
  const length = words[at + LENGTH] as number;
  switch (words[at + 1]) {
    case NUMBERS:
      if (length > FEW) return new Float64Array(words.buffer, first, length).slice();
      return few(doubles, first >> 3, length);
    case TYPED: {
      return viewOf({ type: length, buffer: words.buffer, offset: first, length: words[at + COUNT] as number }).slice();
    }
    case NOTHING:
      return [];
    default:
      return codec.decode(new Uint8Array(words.buffer, first, length)) as unknown[];
  }
}

function few(doubles: Float64Array, first: number, length: number): number[] {
  const values: number[] = [];
  for (let i = first; i < first + length; i++) values.push(doubles[i] as number);
  return values;
}
