/**
 * How values lie in bytes. A value is a tag of one byte and what follows it:
 *
 * | tag                          | what follows                         | value                                              |
 * | ---------------------------- | ------------------------------------ | -------------------------------------------------- |
 * | UNDEFINED, NULL, FALSE, TRUE |                                      | the value of that name                             |
 * | `0x80..0xff`                 |                                      | an integer, 0 to 127                               |
 * | `0x40..0x7f`                 | units                                | a string of 0 to 63 units, one byte each           |
 * | LATIN1                       | count, units                         | a string, one byte a unit                          |
 * | UTF16                        | count, units                         | a string, two bytes a unit                         |
 * | INT16, INT32                 | 2 or 4 bytes                         | an integer                                         |
 * | FLOAT64                      | 8 bytes                              | any other number                                   |
 * | BIGINT64                     | 8 bytes                              | a bigint that fits                                 |
 * | BIGINT                       | string                               | any other bigint, in hexadecimal                   |
 * | REFERENCE                    | count                                | the object that began as the count-th              |
 * | ARRAY                        | count, items, some of them HOLES     | an array of that length                            |
 * | HOLES                        | count                                | inside an array: so many holes                     |
 * | OBJECT                       | record                               | an object                                          |
 * | OBJECT_AGAIN                 | count, values                        | an object with the keys of the last with as many   |
 * | MAP                          | keys and values in turn, END         |                                                    |
 * | SET                          | values, END                          |                                                    |
 * | DATE                         | 8 bytes                              | its time                                           |
 * | REGEXP                       | string, string                       | source and flags                                   |
 * | ERROR                        | class (1 byte), two records          | hidden fields such as the message, enumerable ones |
 * | BUFFER                       | count, padding, bytes                | an ArrayBuffer                                     |
 * | VIEW                         | type (1 byte), count, padding, bytes | a typed array or DataView over bytes of its own    |
 * | CORE                         | value                                | a core object, as what `dehydrate` made of it      |
 *
 * A count has 7 bits in each byte, the lowest first, and the top bit set in all bytes but the last. A record is a count,
 * so many strings, as many values. Padding is there if ALIGNED says so. Numbers and views have the byte order of the
 * machine, which all who decode share: the bytes are for threads and processes, not for files.
 *
 * @module
 */
export const UNDEFINED = 0x01;
export const NULL = 0x02;
export const FALSE = 0x03;
export const TRUE = 0x04;
export const INT16 = 0x05;
export const INT32 = 0x06;
export const FLOAT64 = 0x07;
export const BIGINT64 = 0x08;
export const BIGINT = 0x09;
export const LATIN1 = 0x0a;
export const UTF16 = 0x0b;
export const REFERENCE = 0x10;
export const ARRAY = 0x11;
export const HOLES = 0x12;
export const OBJECT = 0x13;
export const OBJECT_AGAIN = 0x14;
export const MAP = 0x15;
export const SET = 0x16;
export const END = 0x17;
export const DATE = 0x18;
export const REGEXP = 0x19;
export const ERROR = 0x1a;
export const BUFFER = 0x1b;
export const VIEW = 0x1c;
export const CORE = 0x1d;
export const SHORT = 0x40;
export const SMALL = 0x80;

/** The most units of a SHORT string, and the greatest SMALL integer. */
export const SHORT_MAX = 0x3f;
export const SMALL_MAX = 0x7f;

/** How deep values may nest: half of what fits on a stack of 984 KB, the smallest that a thread of Node, Deno, Bun or Chromium has. */
export const MAX_DEPTH = 500;

/** The longest record whose keys OBJECT_AGAIN can repeat. */
export const AGAIN_MAX = 31;

/** Where there are at least ALIGNED bytes of a buffer, they start at a multiple of ALIGNMENT: Bun copies others 16 times slower. */
export const ALIGNED = 2048;
export const ALIGNMENT = 32;

/** Numbers pass through here, byte by byte: they lie at any offset. */
export const float64: Float64Array = new Float64Array(1);
export const int64: BigInt64Array = new BigInt64Array(float64.buffer);
export const eightBytes: Uint8Array = new Uint8Array(float64.buffer);

declare const Float16Array: Uint16ArrayConstructor | undefined;

type ViewClass = new (buffer: ArrayBuffer) => ArrayBufferView;

/** What a VIEW's type counts. */
export const viewClasses: readonly (readonly [name: string, type: ViewClass | undefined, unit: number])[] = [
  ["DataView", DataView, 1],
  ["Int8Array", Int8Array, 1],
  ["Uint8Array", Uint8Array, 1],
  ["Uint8ClampedArray", Uint8ClampedArray, 1],
  ["Int16Array", Int16Array, 2],
  ["Uint16Array", Uint16Array, 2],
  ["Int32Array", Int32Array, 4],
  ["Uint32Array", Uint32Array, 4],
  ["Float32Array", Float32Array, 4],
  ["Float64Array", Float64Array, 8],
  ["BigInt64Array", BigInt64Array, 8],
  ["BigUint64Array", BigUint64Array, 8],
  ["Float16Array", typeof Float16Array === "undefined" ? undefined : Float16Array, 2],
];

/** What an ERROR's class counts. */
export const errorClasses: readonly [ErrorConstructor, ...ErrorConstructor[]] = [
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  AggregateError as unknown as ErrorConstructor,
];
