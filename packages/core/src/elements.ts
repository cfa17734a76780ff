/**
 * Elements side by side in memory: what a RawArray and a SharedArray have in common.
 *
 * @module
 */
import type { Access } from "./access.ts";
import { cellsOf, type Element, type How, updated, viewOf } from "./element.ts";
import type { Extent } from "./extent.ts";
import type { Place } from "./memory.ts";
import type { ValueView } from "./type-code.ts";

/** A slice of an array: a typed array of numbers, or a list of bools or plain objects. */
export type Copies = ValueView | unknown[];

/** Elements by their indexes. Nothing here takes a lock. */
export class Elements {
  readonly type: Element;
  readonly length: number;
  readonly #kind: string;
  /** The index of the first element, and from one to the next, for `get` and `set` of an access. */
  readonly #start: number;
  readonly #step: number;
  readonly #access: Access;
  readonly #cells: unknown;
  readonly #plain: Access;
  readonly #plainCells: unknown;
  readonly #at: Place;
  #view: ValueView | undefined;

  /** @param how How single elements are read and written. Several at once are always, plainly. */
  constructor(kind: string, type: Element, { at, length }: Extent, how: How) {
    this.#kind = kind;
    this.type = type;
    this.length = length;
    this.#start = at.offset >>> type.shift;
    this.#step = type.bytes >>> type.shift;
    this.#access = type[how];
    this.#cells = cellsOf(type, how, at);
    this.#plain = type.plain;
    this.#plainCells = cellsOf(type, "plain", at);
    this.#at = at;
  }

  get view(): ValueView {
    this.#view ??= viewOf(this.type, this.#at, this.length);
    return this.#view;
  }

  get(index: number): unknown {
    return this.#access.get(this.#cells, this.#find(index, "get"));
  }

  at(index: number): unknown {
    if (index >= 0 || !Number.isInteger(index)) return this.get(index);
    if (index < -this.length) this.#refuse("get", index, -this.length);
    return this.get(this.length + index);
  }

  set(index: number, value: unknown): void {
    const at = this.#find(index, "set");
    this.#access.set(this.#cells, at, this.type.check(value, `set element of ${this.#kind}`));
  }

  /** A plain copy of an element, for whoever holds the lock. */
  copy(index: number): unknown {
    return this.#plain.copy(this.#plainCells, this.#find(index, "update"));
  }

  /** Stores what an update made of a copy. */
  replace(index: number, copy: unknown, returned: unknown): unknown {
    const at = this.#find(index, "update");
    this.#plain.set(this.#plainCells, at, updated(this.type, copy, returned, `update element of ${this.#kind}`));
    return this.#plain.copy(this.#plainCells, at);
  }

  slice(start: number | undefined, end: number | undefined): Copies {
    const { type, view } = this;
    if (type.kind === "bool") return Array.from((view as Uint8Array).slice(start, end), (byte) => byte !== 0);
    if (type.kind !== "struct") return view.slice(start, end);
    const copies: unknown[] = [];
    const to = clamp(end, this.length, this.length);
    for (let i = clamp(start, 0, this.length); i < to; i++) copies.push(this.copy(i));
    return copies;
  }

  /** Values that fit from `start` on, checked: for `write`. */
  prepare(start: number, values: unknown): ArrayLike<unknown> {
    if (!Number.isInteger(start) || start < 0 || start > this.length) {
      throw new RangeError(`Cannot assign to ${this.#kind} as 'start' must be an integer from 0 to ${this.length}: received ${String(start)}`);
    }
    const room = this.length - start;
    const list = checkedAll(this.type, values, `assign to ${this.#kind}`, room);
    if (list.length > room) {
      const count = (values as { length?: unknown }).length ?? "more";
      throw new RangeError(`Cannot assign to ${this.#kind} as there is room for ${room} of its ${this.length} elements from ${start} on: received ${count}`);
    }
    return list;
  }

  /** Stores values that `prepare` returned. */
  write(start: number, values: ArrayLike<unknown>): void {
    if (this.type.kind !== "struct") this.view.set(values as never, start);
    else for (let i = 0; i < values.length; i++) this.#plain.set(this.#plainCells, this.#start + (start + i) * this.#step, values[i]);
  }

  /** A value to fill with, checked: for `fill`. */
  filler(value: unknown): unknown {
    return this.type.check(value, `fill ${this.#kind}`);
  }

  fill(value: unknown, start: number | undefined, end: number | undefined): void {
    const { type } = this;
    const from = clamp(start, 0, this.length);
    const to = clamp(end, this.length, this.length);
    if (type.kind !== "struct") {
      // Bounds in full: Node 22 fills all if only the first is undefined.
      this.view.fill((type.kind === "bool" ? Number(value) : value) as never, from, to);
      return;
    }
    for (let i = from; i < to; i++) this.#plain.set(this.#plainCells, this.#start + i * this.#step, value);
  }

  *keys(): Generator<number, void, undefined> {
    for (let i = 0; i < this.length; i++) yield i;
  }

  *entries(): Generator<[number, unknown], void, undefined> {
    for (let i = 0; i < this.length; i++) yield [i, this.get(i)];
  }

  *values(): Generator<unknown, void, undefined> {
    for (let i = 0; i < this.length; i++) yield this.get(i);
  }

  #find(index: number, action: string): number {
    if (!(Number.isInteger(index) && index >= 0 && index < this.length)) this.#refuse(action, index, 0);
    return this.#start + index * this.#step;
  }

  #refuse(action: string, index: unknown, from: number): never {
    const range = this.length === 0 ? "it has no elements" : `'index' must be an integer from ${from} to ${this.length - 1}`;
    throw new RangeError(`Cannot ${action} element of ${this.#kind} as ${range}: received ${String(index)}`);
  }
}

/** A bound of a range as `Array.prototype.slice` understands it. */
function clamp(bound: number | undefined, absent: number, length: number): number {
  const whole = bound === undefined ? absent : Math.trunc(bound) || 0;
  return whole < 0 ? Math.max(0, length + whole) : Math.min(whole, length);
}

/**
 * All values of an iterable, each checked; of one more than `enough`, as it may have no end.
 *
 * A typed array whose numbers the type can hold for certain is passed on as it is.
 */
export function checkedAll(type: Element, values: unknown, action: string, enough: number = Infinity): ArrayLike<unknown> {
  if (ArrayBuffer.isView(values) && holds(type, values)) return values as unknown as ArrayLike<unknown>;
  if (typeof (values as Iterable<unknown> | null | undefined)?.[Symbol.iterator] !== "function") {
    throw new TypeError(`Cannot ${action} as its values must be iterable: received ${values === null ? "null" : typeof values}`);
  }
  const list: unknown[] = [];
  for (const value of values as Iterable<unknown>) {
    list.push(type.check(value, action));
    if (list.length > enough) break;
  }
  return list;
}

function holds(type: Element, values: ArrayBufferView): boolean {
  const tag = Object.prototype.toString.call(values);
  if (tag === "[object DataView]") return false;
  if (/Big/.test(tag)) return type.kind === "bigint";
  return type.kind === "float" || (type.kind === "int" && !/Float/.test(tag));
}
