/**
 * An array in shared memory, with no synchronisation at all.
 *
 * @module
 */
import { type Copies, Elements } from "./elements.ts";
import { createExtent, type Extent, openExtent } from "./extent.ts";
import { type Handle, Shareable } from "./handle.ts";
import { dataOf, type RawValueOptions, shown } from "./raw-value.ts";
import { elementOf } from "./struct.ts";
import type { ElementType, Live, ShownType, SliceOf, ValueOf, ViewOf } from "./type-code.ts";

/**
 * An array in shared memory: plain reads and writes, no lock, no atomicity. Its length is fixed.
 *
 * Threads that write an element at the same time lose updates; it does not replace a `SharedArray` and its lock. Use it
 * where a lock of yours already protects it, where each thread has elements of its own, or where nobody writes any more.
 *
 * - **Memory**: nothing is promised without a lock: 64-bit elements may be read half-written.
 *
 * @example
 * ```ts
 * import { RawArray } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const squares = new RawArray("float64", 4);
 * for (const i of squares.keys()) squares.set(i, i * i);
 * squares.assign(1, [10, 20]);
 * assert.deepEqual([...squares], [0, 10, 20, 9]);
 * assert.equal(squares.view[3], 9);
 * ```
 */
export class RawArray<T extends ElementType> extends Shareable {
  readonly #elements: Elements;

  /**
   * @param type The elements' type: a name, Python's code, or a struct.
   * @param sizeOrIterable How many elements there are, each 0, 0n or false; or the elements.
   * @throws {TypeError} If `type` is unknown, or an element is of another JavaScript type, or lacks a field.
   * @throws {RangeError} If the size is no integer >= 0, an element has a fraction and the type has none, or `memory` has no room.
   */
  constructor(type: T, sizeOrIterable: number | Iterable<ValueOf<T>>, options?: RawValueOptions);
  /** @internal */
  constructor(type: T, sizeOrIterable: number | Iterable<ValueOf<T>>, options: RawValueOptions | undefined, extent: Extent);
  constructor(
    type: T,
    sizeOrIterable: number | Iterable<ValueOf<T>>,
    options?: RawValueOptions,
    extent: Extent = createExtent("RawArray", type, sizeOrIterable, options?.memory),
  ) {
    super(extent.at);
    this.#elements = new Elements("RawArray", elementOf(type, "RawArray"), extent, "plain");
  }

  /**
   * The array of a handle, in this thread.
   *
   * @throws {TypeError} If the handle is malformed, or of another kind or version.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach<T extends ElementType>(handle: Handle): RawArray<T> {
    const { type, ...extent } = openExtent("RawArray", handle);
    return new RawArray(type as T, 0, undefined, extent);
  }

  protected override get kind(): "RawArray" {
    return "RawArray";
  }

  override get handle(): Handle {
    return { ...super.handle, type: dataOf(this.#elements.type), length: this.length };
  }

  /** The name of its elements' type, or their struct. */
  get type(): ShownType<T> {
    return shown(this.#elements.type);
  }

  /** How many elements it has. */
  get length(): number {
    return this.#elements.length;
  }

  /** A typed array over the elements: of bools over their bytes, of structs over the bytes of them all. */
  get view(): ViewOf<T> {
    return this.#elements.view as ViewOf<T>;
  }

  /** The element at `index`, which counts from the end if it is negative; a struct as a live record. Throws `RangeError` outside. */
  at(index: number): Live<T> {
    return this.#elements.at(index) as Live<T>;
  }

  /** The element at `index`, a struct as a live record. Throws `RangeError` outside. */
  get(index: number): Live<T> {
    return this.#elements.get(index) as Live<T>;
  }

  /**
   * Stores an element. Integers wrap.
   *
   * @throws {TypeError} If the value is of another JavaScript type, or lacks a field.
   * @throws {RangeError} If `index` is outside, or the value has a fraction and the type has none.
   */
  set(index: number, value: ValueOf<T>): void {
    this.#elements.set(index, value);
  }

  /** A copy of the elements from `start` to before `end`, as `Array.prototype.slice` counts: a typed array, or a list of bools or plain objects. */
  slice(start?: number, end?: number): SliceOf<T> {
    return this.#elements.slice(start, end) as Copies as SliceOf<T>;
  }

  /**
   * Stores values from `start` on. All are checked before any is stored.
   *
   * @throws {TypeError} If a value is of another JavaScript type, or lacks a field.
   * @throws {RangeError} If there are more than fit, or one has a fraction and the type has none.
   */
  assign(start: number, values: Iterable<ValueOf<T>>): void {
    this.#elements.write(start, this.#elements.prepare(start, values));
  }

  /** Stores the same value from `start` to before `end`, as `Array.prototype.fill` counts. */
  fill(value: ValueOf<T>, start?: number, end?: number): this {
    this.#elements.fill(this.#elements.filler(value), start, end);
    return this;
  }

  /** The indexes. */
  keys(): Generator<number, void, undefined> {
    return this.#elements.keys();
  }

  /** The elements, each read when its turn comes. */
  values(): Generator<Live<T>, void, undefined> {
    return this.#elements.values() as Generator<Live<T>, void, undefined>;
  }

  /** Pairs of index and element. */
  entries(): Generator<[number, Live<T>], void, undefined> {
    return this.#elements.entries() as Generator<[number, Live<T>], void, undefined>;
  }

  [Symbol.iterator](): Generator<Live<T>, void, undefined> {
    return this.values();
  }
}
