/**
 * Values to bytes.
 *
 * @module
 */
import { carriedAs } from "../carried.ts";
import { isShareable, type Shareable } from "../handle.ts";
import { copyLive, isLive } from "../record.ts";
import { isSharedBytes } from "../shared-bytes.ts";
import { writeAscii } from "../sys/host-texts.ts";
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
import { bytesOf, errorTypeOf, kindOf, refusal, viewNameOf } from "./kinds.ts";
import type { CodecOptions } from "./options.ts";
import { References } from "./references.ts";
import { LastShapes } from "./shapes.ts";
import { writeLatin1 } from "./strings.ts";
import { ENTRY, FIELD, INSIDE, ITEM, KEY, MEMBER, Trail } from "./trail.ts";

/** What was encoded, until the next value is. */
export interface Scratch {
  readonly bytes: Uint8Array;
  /** Over the same memory; what follows the last byte of a word is garbage. */
  readonly words: Int32Array;
  /** How many bytes count. */
  readonly length: number;
}

const INITIAL_BYTES = 4096;
/** A larger buffer is given back once another value comes. */
const KEPT_BYTES = 1 << 20;

/** A tag or number of any kind and a count fit in this. */
const ROOM = 16;

/** From so many units on, the host's call costs less than the loop. */
const LONG = 64;
/** Long texts that the loop writes between two that the host is tried with, at most: in vain that takes some ten times as long. */
const LONGEST_REST = 255;

const NO_OPTIONS: CodecOptions = {};

type Fields = Readonly<Record<string, unknown>>;

export class Encoder implements Scratch {
  bytes: Uint8Array;
  words: Int32Array;
  length = 0;
  /** Where the first byte is. */
  #start = 0;
  #options: CodecOptions = NO_OPTIONS;
  /** The memory behind some byte. */
  #tail: Uint8Array;
  /** Long texts that the host is not to be tried with. */
  #resting = 0;
  #lastRest = 0;
  readonly #trail = new Trail();
  readonly #references = new References();
  readonly #shapes = new LastShapes();

  constructor() {
    const memory = new ArrayBuffer(INITIAL_BYTES);
    this.bytes = new Uint8Array(memory);
    this.words = new Int32Array(memory);
    this.#tail = this.bytes;
  }

  encode(value: unknown, options: CodecOptions): void {
    this.#start = options.headroom ?? 0;
    this.length = this.#start;
    this.#options = options;
    if (this.bytes.length > KEPT_BYTES) this.#resize(INITIAL_BYTES);
    try {
      this.#value(value);
    } finally {
      this.#options = NO_OPTIONS;
      this.#references.clear();
      this.#trail.depth = 0;
      this.#shapes.clear();
    }
  }

  #value(value: unknown): void {
    if (typeof value === "string") this.#string(value);
    else if (typeof value === "number") this.#number(value);
    else if (value === null) this.#tag(NULL);
    else if (typeof value === "object") this.#object(value);
    else if (typeof value === "boolean") this.#tag(value ? TRUE : FALSE);
    else if (value === undefined) this.#tag(UNDEFINED);
    else if (typeof value === "bigint") this.#bigint(value);
    else this.#refuse(refusal(value));
  }

  #tag(tag: number): void {
    this.#reserve(ROOM);
    this.bytes[this.length++] = tag;
  }

  #count(count: number): void {
    this.#reserve(ROOM);
    let rest = count;
    for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) this.bytes[this.length++] = (rest % 0x80) | 0x80;
    this.bytes[this.length++] = rest;
  }

  #number(value: number): void {
    this.#reserve(ROOM);
    const { bytes } = this;
    let at = this.length;
    const integer = value | 0;
    if (integer !== value || (integer === 0 && 1 / value < 0)) {
      bytes[at++] = FLOAT64;
      float64[0] = value;
      for (let i = 0; i < 8; i++) bytes[at++] = eightBytes[i] as number;
    } else if (integer >= 0 && integer <= SMALL_MAX) {
      bytes[at++] = SMALL | integer;
    } else {
      const long = (integer << 16) >> 16 !== integer;
      bytes[at++] = long ? INT32 : INT16;
      bytes[at++] = integer;
      bytes[at++] = integer >> 8;
      if (long) {
        bytes[at++] = integer >> 16;
        bytes[at++] = integer >> 24;
      }
    }
    this.length = at;
  }

  #eight(tag: number): void {
    this.#tag(tag);
    this.bytes.set(eightBytes, this.length);
    this.length += 8;
  }

  #bigint(value: bigint): void {
    if (BigInt.asIntN(64, value) === value) {
      int64[0] = value;
      this.#eight(BIGINT64);
    } else {
      this.#tag(BIGINT);
      this.#string(value.toString(16));
    }
  }

  #string(text: string): void {
    const count = text.length;
    const start = this.length;
    this.#reserve(ROOM + count);
    if (count <= SHORT_MAX) {
      this.bytes[this.length++] = SHORT | count;
    } else {
      this.bytes[this.length++] = LATIN1;
      this.#count(count);
    }
    if ((count >= LONG && this.#writeAtOnce(text)) || writeLatin1(text, this.bytes, this.length)) {
      this.length += count;
    } else {
      this.length = start;
      this.#wide(text);
    }
  }

  /**
   * Lets the host write a text behind the last byte, if it is of ASCII only. Where texts are not, each in a row that was tried in vain
   * doubles the number of those that are not tried.
   */
  #writeAtOnce(text: string): boolean {
    if (this.#resting > 0) {
      this.#resting--;
      return false;
    }
    // Values of one kind after each other have their texts in the same place.
    if (this.#tail.byteOffset !== this.length) this.#tail = this.bytes.subarray(this.length);
    const written = writeAscii(text, this.#tail);
    this.#lastRest = this.#resting = written ? 0 : Math.min(2 * this.#lastRest + 1, LONGEST_REST);
    return written;
  }

  #wide(text: string): void {
    const count = text.length;
    this.#reserve(ROOM + 2 * count);
    this.bytes[this.length++] = UTF16;
    this.#count(count);
    const { bytes } = this;
    let at = this.length;
    for (let i = 0; i < count; i++) {
      const unit = text.charCodeAt(i);
      bytes[at++] = unit;
      bytes[at++] = unit >> 8;
    }
    this.length = at;
  }

  #object(value: object): void {
    const number = this.#references.find(value);
    if (number >= 0) {
      this.#tag(REFERENCE);
      this.#count(number);
    } else if (this.#trail.depth >= MAX_DEPTH) {
      this.#refuse(`values may nest ${MAX_DEPTH} deep: link the parts by index instead`);
    } else if (Array.isArray(value)) {
      this.#array(value);
    } else {
      const prototype: unknown = Object.getPrototypeOf(value);
      if ((prototype === Object.prototype || prototype === null) && (value as Record<symbol, unknown>)[Symbol.toStringTag] === undefined) {
        this.#fields(value as Fields);
      } else {
        this.#other(value);
      }
    }
  }

  #other(value: object): void {
    if (isShareable(value)) this.#core(value);
    else if (carriedAs(value) !== undefined) this.#refuse(carriedAs(value) as string);
    else if (isLive(value)) this.#fields(copyLive(value) as Fields);
    else if (ArrayBuffer.isView(value)) this.#view(value);
    else this.#builtIn(value);
  }

  #builtIn(value: object): void {
    switch (kindOf(value)) {
      case "Object":
        this.#fields(value as Fields);
        break;
      case "Error":
        this.#error(value as Error);
        break;
      case "Map":
        this.#map(value as ReadonlyMap<unknown, unknown>);
        break;
      case "Set":
        this.#set(value as ReadonlySet<unknown>);
        break;
      case "Date":
        float64[0] = (value as Date).getTime();
        this.#eight(DATE);
        break;
      case "RegExp":
        this.#tag(REGEXP);
        this.#string((value as RegExp).source);
        this.#string((value as RegExp).flags);
        break;
      case "ArrayBuffer":
        this.#tag(BUFFER);
        this.#memory(value as ArrayBuffer, value as ArrayBuffer);
        break;
      default:
        this.#refuse(refusal(value));
    }
  }

  #array(array: readonly unknown[]): void {
    const { length } = array;
    this.#tag(ARRAY);
    this.#count(length);
    this.#trail.enter(ITEM);
    for (let i = 0; i < length; i++) {
      const item = array[i];
      if (item === undefined && !(i in array)) {
        this.#sparse(array, i, length);
        break;
      }
      if (typeof item === "number") {
        // Arrays of numbers are common, and no number is refused: the trail need not know.
        this.#number(item);
      } else {
        this.#trail.at(i);
        this.#value(item);
      }
    }
    this.#trail.leave();
  }

  /** Goes on where the first hole is, from one index that exists to the next: holes may be billions. */
  #sparse(array: readonly unknown[], start: number, length: number): void {
    let next = start;
    for (const key of Object.keys(array)) {
      const i = Number(key);
      // Indices come first, in order.
      if (!(i < length)) break;
      if (i < next) continue;
      if (i > next) this.#holes(i - next);
      this.#trail.at(i);
      this.#value(array[i]);
      next = i + 1;
    }
    if (next < length) this.#holes(length - next);
  }

  #holes(count: number): void {
    this.#tag(HOLES);
    this.#count(count);
  }

  #fields(object: Fields): void {
    const keys = Object.keys(object);
    this.#trail.enter(FIELD);
    if (this.#shapes.has(keys)) {
      this.#tag(OBJECT_AGAIN);
      this.#count(keys.length);
    } else {
      this.#tag(OBJECT);
      this.#keys(keys);
    }
    this.#values(object, keys);
    this.#trail.leave();
  }

  #keys(keys: readonly string[]): void {
    this.#shapes.set(keys);
    this.#count(keys.length);
    for (let i = 0; i < keys.length; i++) this.#string(keys[i] as string);
  }

  #values(object: Fields, keys: readonly string[]): void {
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string;
      this.#trail.at(key);
      this.#value(object[key]);
    }
  }

  #map(map: ReadonlyMap<unknown, unknown>): void {
    this.#tag(MAP);
    this.#trail.enter(KEY);
    let i = 0;
    for (const [key, value] of map) {
      this.#trail.turn(KEY, i);
      this.#value(key);
      this.#trail.turn(ENTRY, typeof key === "string" ? key : i);
      this.#value(value);
      i++;
    }
    this.#trail.leave();
    this.#tag(END);
  }

  #set(set: ReadonlySet<unknown>): void {
    this.#tag(SET);
    this.#trail.enter(MEMBER);
    let i = 0;
    for (const value of set) {
      this.#trail.at(i++);
      this.#value(value);
    }
    this.#trail.leave();
    this.#tag(END);
  }

  #error(error: Error): void {
    const type = errorTypeOf(error);
    const isHidden = (key: string): boolean => Object.getOwnPropertyDescriptor(error, key)?.enumerable !== true;
    const hidden: Record<string, unknown> = {};
    // Whether these are its own, and data, depends on engine and class.
    const usual: Fields = { message: "", name: errorClasses[type]?.prototype.name };
    for (const key of ["message", "stack", "name"] as const) {
      const text: unknown = isHidden(key) ? error[key] : undefined;
      if (typeof text === "string" && text !== usual[key]) hidden[key] = text;
    }
    for (const key of ["cause", "errors", "error", "suppressed"]) {
      if (Object.hasOwn(error, key) && isHidden(key)) hidden[key] = (error as unknown as Fields)[key];
    }
    this.#tag(ERROR);
    this.bytes[this.length++] = type;
    this.#trail.enter(FIELD);
    for (const fields of [hidden, error as unknown as Fields]) {
      const keys = Object.keys(fields);
      this.#keys(keys);
      this.#values(fields, keys);
    }
    this.#trail.leave();
  }

  #view(view: ArrayBufferView): void {
    const name = viewNameOf(view);
    const type = viewClasses.findIndex(([known]) => known === name);
    if (type < 0) this.#refuse(refusal(view));
    this.#tag(VIEW);
    this.bytes[this.length++] = type;
    this.#memory(view, view.buffer);
  }

  #memory(part: ArrayBufferView | ArrayBuffer, buffer: ArrayBufferLike): void {
    if (isSharedBytes(buffer)) this.#refuse(refusal(buffer));
    const bytes = bytesOf(part, buffer) ?? this.#refuse("its memory is gone: copy it before the buffer is transferred or resized");
    this.#count(bytes.length);
    this.#reserve(bytes.length + ALIGNMENT);
    if (bytes.length >= ALIGNED) while ((this.length - this.#start) % ALIGNMENT !== 0) this.bytes[this.length++] = 0;
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  #core(object: Shareable): void {
    const { dehydrate } = this.#options;
    if (dehydrate === undefined) this.#refuse(`it is a ${object.handle.kind}, which is shared and not copied: put it on a Queue, or pass it to a task`);
    this.#tag(CORE);
    const data = dehydrate(object, this.#path());
    this.#trail.enter(INSIDE);
    this.#value(data);
    this.#trail.leave();
  }

  #path(): string {
    return this.#trail.path(this.#options.name ?? "value");
  }

  #refuse(reason: string): never {
    throw new TypeError(`Cannot ${this.#options.action ?? "encode"} ${this.#path()} as ${reason}`);
  }

  #reserve(byteLength: number): void {
    if (this.length + byteLength > this.bytes.length) this.#grow(byteLength);
  }

  #grow(byteLength: number): void {
    const old = this.bytes;
    this.#resize(Math.max(2 * old.length, this.length + byteLength));
    this.bytes.set(old.subarray(0, this.length));
  }

  #resize(byteLength: number): void {
    const memory = new ArrayBuffer(Math.ceil(byteLength / 4) * 4);
    this.bytes = new Uint8Array(memory);
    this.words = new Int32Array(memory);
    this.#tail = this.bytes;
  }
}
