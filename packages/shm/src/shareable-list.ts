/**
 * A list of a fixed length in memory that processes share, Python's among them: `multiprocessing.shared_memory.ShareableList`.
 *
 * Numbers are little-endian, and all but the last part is a multiple of eight bytes:
 *
 * | bytes | mean |
 * |---|---|
 * | 0 to 7 | the length n |
 * | 8 (n + 1) | where the slot of each item begins, and the last ends, counted from the first |
 * | as many as the last of these says | the slots |
 * | 8 n | how the item in each slot is read: a format of Python's `struct` |
 * | n | what it is made of: 0 as it is, 1 text, 2 bytes, 3 None |
 *
 * @module
 */
import {
  AS_IT_IS,
  BOOL,
  BYTES,
  decoder,
  encoder,
  FLOAT,
  INT,
  isSame,
  NONE,
  type ShareableItem,
  shorten,
  TEXT,
  UNIT,
  type Written,
  write,
} from "./shareable-item.ts";
import { SharedMemory } from "./shared-memory.ts";

const LENGTH_BYTES = 8;

/**
 * A list of a fixed length in shared memory, as Python's `ShareableList`, with which it shares its layout.
 *
 * An item may be replaced by one of another kind. Text and bytes have the room that they were created with, and some to spare.
 * Where Python corrupts or garbles items, this refuses or keeps them: text is measured in bytes and not in characters, indices
 * below the first are out of range, and text or bytes that end in a zero, which Python would cut off, are refused.
 *
 * - **Memory**: one item is not written at once: share a lock if others read meanwhile.
 *
 * @example
 * ```ts
 * import { ShareableList } from "@interlock/shm";
 * import assert from "node:assert/strict";
 *
 * const list = ShareableList.create([1, "two", 3.5, null, true]);
 * const same = ShareableList.attach(list.shm.name);
 * same.set(1, "zwei");
 * assert.deepEqual([...list], [1, "zwei", 3.5, null, true]);
 * list.shm.unlink();
 * list.shm.close();
 * same.shm.close();
 * ```
 */
export class ShareableList implements Iterable<ShareableItem> {
  /** The memory that it lies in: close it, and unlink it once. */
  readonly shm: SharedMemory;
  /** How many items it has. */
  readonly length: number;
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  /** Where the slots begin. */
  readonly #slots: number;
  readonly #formats: number;
  readonly #codes: number;

  private constructor(shm: SharedMemory) {
    this.shm = shm;
    const { bytes } = shm;
    this.#bytes = bytes;
    this.#view = new DataView(shm.buffer, 0, shm.size);
    const damaged = (what: string): never => {
      throw new TypeError(`Cannot attach ShareableList as ${JSON.stringify(shm.name)} does not hold one: ${what}`);
    };
    if (shm.size < 2 * UNIT) damaged(`it has ${shm.size} bytes`);
    this.length = Number(this.#view.getBigInt64(0, true));
    this.#slots = LENGTH_BYTES + UNIT * (this.length + 1);
    if (!(this.length >= 0 && this.#slots + 9 * this.length <= shm.size)) damaged(`its length is ${this.length}`);
    const end = this.#offset(this.length);
    this.#formats = this.#slots + end;
    this.#codes = this.#formats + UNIT * this.length;
    if (!(end >= 0 && this.#codes + this.length <= shm.size)) damaged(`its slots have ${end} bytes`);
    for (let i = 0, from = 0; i < this.length; i++) {
      const to = this.#offset(i + 1);
      if (this.#offset(i) !== from || to < from + UNIT || to > end) damaged(`slot ${i} goes from ${this.#offset(i)} to ${to}`);
      from = to;
    }
  }

  /**
   * Creates a list.
   *
   * @param items What it holds: numbers, bigints of 64 bits, booleans, text, bytes and null.
   * @param options A name for its memory; one that nobody guesses if absent.
   * @throws {TypeError} If an item is of another type, or is text or bytes that end in a zero; names its index. Else as `SharedMemory.create`.
   * @throws {RangeError} If a bigint has more than 64 bits, or text or bytes have 9 999 992 bytes or more.
   */
  static create(items: Iterable<ShareableItem>, options: { readonly name?: string } = {}): ShareableList {
    const written = Array.from(items, (item, i) => write(item, `create ShareableList as item ${i}`));
    const ends: number[] = [0];
    for (const { room } of written) ends.push((ends.at(-1) as number) + room);
    const slots = LENGTH_BYTES + UNIT * ends.length;
    const formats = slots + (ends.at(-1) as number);
    const shm = SharedMemory.create({ ...options, size: formats + 9 * written.length });
    const view = new DataView(shm.buffer);
    view.setBigInt64(0, BigInt(written.length), true);
    ends.forEach((end, i) => {
      view.setBigInt64(LENGTH_BYTES + UNIT * i, BigInt(end), true);
    });
    const list = new ShareableList(shm);
    written.forEach((one, i) => {
      list.#put(i, one);
    });
    return list;
  }

  /**
   * Attaches a list that another process has created, by the name of its memory.
   *
   * @throws {TypeError} If the memory does not hold a list. Else as `SharedMemory.attach`.
   */
  static attach(name: string): ShareableList {
    const shm = SharedMemory.attach(name);
    try {
      return new ShareableList(shm);
    } catch (error) {
      shm.close();
      throw error;
    }
  }

  /** How the items are read, as formats of Python's `struct`. */
  get format(): string {
    return Array.from({ length: this.length }, (_, i) => this.#format(i)).join("");
  }

  /**
   * An item. An int is a number if it is a safe integer, else a bigint.
   *
   * @param index From 0, or from -1 backwards.
   * @throws {RangeError} If there is none.
   * @throws {TypeError} If what lies there is damaged.
   */
  get(index: number): ShareableItem {
    const i = this.#require(index, "get");
    const at = this.#slots + this.#offset(i);
    const format = this.#format(i);
    const code = this.#view.getInt8(this.#codes + i);
    if (code === NONE) return null;
    if (code === AS_IT_IS && format === INT) return shorten(this.#view.getBigInt64(at, true));
    if (code === AS_IT_IS && format === FLOAT) return this.#view.getFloat64(at, true);
    if (code === AS_IT_IS && format === BOOL) return this.#view.getUint8(at + 7) !== 0;
    const length = Number(/^(\d+)s$/.exec(format)?.[1] ?? Number.NaN);
    if (!(length <= this.#room(i)) || (code !== TEXT && code !== BYTES)) {
      throw new TypeError(`Cannot get item ${i} as its slot is damaged: received format ${JSON.stringify(format)} and code ${code}`);
    }
    // Python fills slots up with zeros, and cannot tell them from the item's own.
    let end = at + length;
    while (end > at && this.#bytes[end - 1] === 0) end--;
    const bytes = this.#bytes.slice(at, end);
    if (code === BYTES) return new Uint8Array(bytes);
    try {
      return decoder.decode(new Uint8Array(bytes));
    } catch {
      throw new TypeError(`Cannot get item ${i} as its text is damaged: Python before 3.13 cuts text that has characters of several bytes`);
    }
  }

  /**
   * Replaces an item, by one of any kind.
   *
   * @throws {RangeError} If there is none, its slot has no room for the new one, or a bigint has more than 64 bits. The old item stays.
   * @throws {TypeError} If the new one is of a type that lists do not hold, or is text or bytes that end in a zero.
   */
  set(index: number, item: ShareableItem): void {
    const i = this.#require(index, "set");
    const written = write(item, `set item ${i} as it`);
    const room = this.#room(i);
    if (written.bytes.length > room) {
      throw new RangeError(`Cannot set item ${i} as it exceeds available storage: received ${written.bytes.length} bytes for a slot of ${room}`);
    }
    this.#put(i, written);
  }

  /** The items, one after the other. */
  *[Symbol.iterator](): Generator<ShareableItem, void> {
    for (let i = 0; i < this.length; i++) yield this.get(i);
  }

  /** How often an item occurs. */
  count(item: ShareableItem): number {
    let count = 0;
    for (const one of this) if (isSame(one, item)) count++;
    return count;
  }

  /** Where an item occurs first; -1 if it does not. */
  indexOf(item: ShareableItem): number {
    for (let i = 0; i < this.length; i++) if (isSame(this.get(i), item)) return i;
    return -1;
  }

  #put(i: number, { format, code, bytes }: Written): void {
    const at = this.#slots + this.#offset(i);
    const room = this.#room(i);
    // Text keeps the room that it was given: Python reads as much, and cuts the zeros off.
    const kept = code === TEXT || code === BYTES ? `${room}s` : format;
    this.#bytes.fill(0, at, at + room);
    this.#bytes.set(bytes, at);
    const name = encoder.encode(kept);
    this.#bytes.fill(0, this.#formats + UNIT * i, this.#formats + UNIT * (i + 1));
    this.#bytes.set(name.subarray(0, UNIT), this.#formats + UNIT * i);
    this.#view.setInt8(this.#codes + i, code);
  }

  #offset(i: number): number {
    return Number(this.#view.getBigInt64(LENGTH_BYTES + UNIT * i, true));
  }

  #room(i: number): number {
    return this.#offset(i + 1) - this.#offset(i);
  }

  #format(i: number): string {
    const from = this.#formats + UNIT * i;
    return String.fromCharCode(...this.#bytes.slice(from, from + UNIT)).replace(/\0+$/, "");
  }

  #require(index: number, action: string): number {
    const i = index < 0 ? index + this.length : index;
    if (!Number.isInteger(index) || i < 0 || i >= this.length) {
      throw new RangeError(`Cannot ${action} item as 'index' must be an integer from ${-this.length} to ${this.length - 1}: received ${String(index)}`);
    }
    return i;
  }
}
