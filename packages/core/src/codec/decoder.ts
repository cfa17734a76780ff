/**
 * Bytes to values. Whatever the bytes are, this ends in a value or an error, in time and memory that they bound.
 *
 * @module
 */
import {
  ALIGNED,
  ALIGNMENT,
  ARRAY,
  BIGINT,
  BIGINT64,
  BUFFER,
  CORE,
  DATE,
  END,
  ERROR,
  eightBytes,
  errorClasses,
  FALSE,
  FLOAT64,
  float64,
  HOLES,
  INT16,
  INT32,
  int64,
  LATIN1,
  MAP,
  MAX_DEPTH,
  NULL,
  OBJECT,
  OBJECT_AGAIN,
  REFERENCE,
  REGEXP,
  SET,
  SHORT,
  SHORT_MAX,
  SMALL,
  SMALL_MAX,
  TRUE,
  UNDEFINED,
  UTF16,
  VIEW,
  viewClasses,
} from "./format.ts";
import type { CodecOptions } from "./options.ts";
import { KnownShapes, LastShapes } from "./shapes.ts";
import { latin1, utf16 } from "./strings.ts";

const MAX_ARRAY = 2 ** 32 - 1;

/** An array with more holes than this and its items is made sparse: holes cost bytes in memory, but none in the input. */
const FREE_HOLES = 64;

const NO_BYTES = new Uint8Array();
const NO_OPTIONS: CodecOptions = {};
/** The table of more objects than this is not used again. */
const KEPT_OBJECTS = 64;

export class Decoder {
  #bytes: Uint8Array = NO_BYTES;
  #end = 0;
  #at = 0;
  #depth = 0;
  #options: CodecOptions = NO_OPTIONS;
  /** Every object so far; undefined while it is being made. */
  #objects: (object | undefined)[] = [];
  #begun = 0;
  readonly #shapes = new LastShapes();
  readonly #knownShapes = new KnownShapes();

  decode(bytes: Uint8Array, length: number, options: CodecOptions): unknown {
    this.#bytes = bytes;
    this.#end = length;
    this.#at = 0;
    this.#depth = 0;
    this.#options = options;
    try {
      const value = this.#value(this.#byte());
      if (this.#at !== length) this.#damaged(`${length - this.#at} follow the value`);
      return value;
    } finally {
      this.#bytes = NO_BYTES;
      this.#options = NO_OPTIONS;
      this.#forget();
    }
  }

  /** Keeps nothing alive. */
  #forget(): void {
    if (this.#begun > KEPT_OBJECTS) this.#objects = [];
    else for (let i = 0; i < this.#begun; i++) this.#objects[i] = undefined;
    this.#begun = 0;
    this.#shapes.clear();
  }

  #value(tag: number): unknown {
    if (tag >= SMALL) return tag & SMALL_MAX;
    if (tag >= SHORT) return latin1(this.#bytes, this.#skip(tag & SHORT_MAX), tag & SHORT_MAX);
    switch (tag) {
      case UNDEFINED:
        return undefined;
      case NULL:
        return null;
      case FALSE:
        return false;
      case TRUE:
        return true;
      case INT16: {
        const bytes = this.#bytes;
        const at = this.#skip(2);
        return (((bytes[at] as number) | ((bytes[at + 1] as number) << 8)) << 16) >> 16;
      }
      case INT32: {
        const bytes = this.#bytes;
        const at = this.#skip(4);
        return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
      }
      case FLOAT64:
        return this.#float();
      case BIGINT64:
        this.#eight();
        return int64[0];
      case BIGINT:
        return this.#bigint();
      case LATIN1:
        return this.#text(1, latin1);
      case UTF16:
        return this.#text(2, utf16);
      case REFERENCE:
        return this.#objects[this.#count()] ?? this.#damaged("a reference leads nowhere");
      default:
        return this.#object(tag);
    }
  }

  #object(tag: number): object {
    if (++this.#depth > MAX_DEPTH) this.#damaged(`values may nest ${MAX_DEPTH} deep`);
    const object = this.#make(tag);
    this.#depth--;
    return object;
  }

  #make(tag: number): object {
    switch (tag) {
      case ARRAY:
        return this.#array();
      case OBJECT:
        return this.#fields(this.#begin({}), this.#keys());
      case OBJECT_AGAIN:
        return this.#fields(this.#begin({}), this.#shapes.get(this.#count()) ?? this.#damaged("keys are missing"));
      case MAP:
        return this.#map();
      case SET:
        return this.#set();
      case DATE:
        return this.#begin(new Date(this.#float()));
      case REGEXP:
        return this.#regexp();
      case ERROR:
        return this.#error();
      case BUFFER:
        return this.#begin(this.#memory(this.#count()));
      case VIEW:
        return this.#view();
      case CORE:
        return this.#core();
      default:
        return this.#damaged(`no value begins with ${tag}`);
    }
  }

  #begin<T extends object>(object: T): T {
    this.#objects[this.#begun++] = object;
    return object;
  }

  #byte(): number {
    if (this.#at >= this.#end) this.#damaged("they end too early");
    return this.#bytes[this.#at++] as number;
  }

  /** Goes on by so many bytes, and returns where they begin. */
  #skip(count: number): number {
    const at = this.#at;
    if (count > this.#end - at) this.#damaged(`${count} more are needed where ${this.#end - at} are left`);
    this.#at = at + count;
    return at;
  }

  #count(): number {
    let count = 0;
    for (let unit = 1; unit <= 0x80 ** 6; unit *= 0x80) {
      const byte = this.#byte();
      count += (byte & 0x7f) * unit;
      if (byte < 0x80) return count;
    }
    return this.#damaged("a count is too great");
  }

  #eight(): void {
    const at = this.#skip(8);
    for (let i = 0; i < 8; i++) eightBytes[i] = this.#bytes[at + i] as number;
  }

  #float(): number {
    this.#eight();
    return float64[0] as number;
  }

  #string(): string {
    const text = this.#value(this.#byte());
    return typeof text === "string" ? text : this.#damaged("a string is missing");
  }

  #text(width: number, read: typeof latin1): string {
    const count = this.#count();
    return read(this.#bytes, this.#skip(width * count), count);
  }

  #bigint(): bigint {
    const text = this.#string();
    if (!/^-?[\da-f]+$/.test(text)) this.#damaged("a bigint is not hexadecimal");
    return text.startsWith("-") ? -BigInt(`0x${text.slice(1)}`) : BigInt(`0x${text}`);
  }

  #array(): unknown[] {
    const length = this.#count();
    if (length > MAX_ARRAY) this.#damaged("an array is too long");
    const array: unknown[] = this.#begin([]);
    let holes = 0;
    let sparse = false;
    for (let i = 0; i < length; i++) {
      const tag = this.#byte();
      if (tag !== HOLES) {
        array[i] = this.#value(tag);
        continue;
      }
      const count = this.#count();
      if (count < 1 || count > length - i) this.#damaged("an array has holes outside");
      holes += count;
      i += count - 1;
      if (!sparse && holes > FREE_HOLES + i - holes) {
        sparse = true;
        // No engine reserves memory for this, and it stays so when the length is set right.
        array.length = MAX_ARRAY;
      }
    }
    array.length = length;
    return array;
  }

  #keys(): readonly string[] {
    const start = this.#at;
    const known = this.#knownShapes.find(this.#bytes, start, this.#end);
    if (known !== undefined) this.#at += known.bytes.length;
    const keys = known?.keys ?? this.#newKeys();
    this.#shapes.set(keys);
    return keys;
  }

  #newKeys(): readonly string[] {
    const start = this.#at;
    const count = this.#count();
    const keys: string[] = [];
    for (let i = 0; i < count; i++) keys.push(this.#string());
    this.#knownShapes.add(this.#bytes, start, this.#at, keys);
    return keys;
  }

  #fields(object: object, keys: readonly string[]): object {
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      const value = this.#value(this.#byte());
      if (key === "__proto__") Object.defineProperty(object, key, { value, configurable: true, enumerable: true, writable: true });
      else (object as Record<string, unknown>)[key] = value;
    }
    return object;
  }

  #map(): Map<unknown, unknown> {
    const map = this.#begin(new Map());
    for (let tag = this.#byte(); tag !== END; tag = this.#byte()) {
      const key = this.#value(tag);
      map.set(key, this.#value(this.#byte()));
    }
    return map;
  }

  #set(): Set<unknown> {
    const set = this.#begin(new Set());
    for (let tag = this.#byte(); tag !== END; tag = this.#byte()) set.add(this.#value(tag));
    return set;
  }

  #regexp(): RegExp {
    const source = this.#string();
    const flags = this.#string();
    try {
      return this.#begin(new RegExp(source, flags));
    } catch {
      return this.#damaged("a regular expression is malformed");
    }
  }

  #error(): Error {
    const type = errorClasses[this.#byte()] ?? this.#damaged("an error's class is unknown");
    const error = this.#begin((type as unknown as { prototype: Error }).prototype === AggregateError.prototype ? new AggregateError([]) : new type());
    // The stack is that of the original, or none.
    Object.defineProperty(error, "stack", { value: undefined, configurable: true, writable: true });
    for (const enumerable of [false, true]) {
      for (const key of this.#keys()) Object.defineProperty(error, key, { value: this.#value(this.#byte()), enumerable, configurable: true, writable: true });
    }
    return error;
  }

  #view(): ArrayBufferView {
    const [name, type, unit] = viewClasses[this.#byte()] ?? this.#damaged("a view's type is unknown");
    if (type === undefined) throw new TypeError(`Cannot ${this.#label()} as this engine has no ${name}`);
    const count = this.#count();
    if (count % unit !== 0) this.#damaged(`a ${name} has ${count} bytes`);
    return this.#begin(new type(this.#memory(count)));
  }

  #memory(count: number): ArrayBuffer {
    const padding = count >= ALIGNED ? -this.#at & (ALIGNMENT - 1) : 0;
    const { buffer, byteOffset } = this.#bytes;
    const start = byteOffset + this.#skip(padding + count) + padding;
    return (buffer as ArrayBuffer).slice(start, start + count);
  }

  #core(): object {
    const number = this.#begun++;
    this.#objects[number] = undefined;
    const data = this.#value(this.#byte());
    const { hydrate } = this.#options;
    if (hydrate === undefined) this.#damaged("a core object is among them, which only a Queue carries");
    const object = hydrate(data) as object;
    this.#objects[number] = object;
    return object;
  }

  #label(): string {
    return `${this.#options.action ?? "decode"} ${this.#options.name ?? "value"}`;
  }

  #damaged(reason: string): never {
    throw new TypeError(`Cannot ${this.#label()} as its bytes are damaged: ${reason}`);
  }
}
