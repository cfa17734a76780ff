/**
 * An array in shared memory together with the lock that protects it.
 *
 * @module
 */
import { type Copies, Elements } from "./elements.ts";
import { createExtent, type Extent, openExtent } from "./extent.ts";
import { attachGuard, checkGuard, Guarded, guardOf } from "./guarded.ts";
import type { Handle } from "./handle.ts";
import type { Lock } from "./lock.ts";
import { RawArray } from "./raw-array.ts";
import { dataOf, shown } from "./raw-value.ts";
import type { RLock } from "./rlock.ts";
import { elementOf } from "./struct.ts";
import type { AsyncWaitOptions, WaitOptions } from "./sys/options.ts";
import type { ElementType, Live, Next, ShownType, SliceOf, ValueOf, ViewOf } from "./type-code.ts";
import type { ValueOptions } from "./value.ts";

interface Parts {
  readonly extent: Extent;
  readonly lock: Lock | RLock;
}

function createParts(type: ElementType, sizeOrIterable: unknown, options: ValueOptions | undefined): Parts {
  const { lock, memory } = options ?? {};
  checkGuard("SharedArray", lock, "; for memory without a lock, use RawArray");
  const extent = createExtent("SharedArray", type, sizeOrIterable, memory);
  return { extent, lock: guardOf(lock, memory, extent.at) };
}

/**
 * An array in shared memory together with a lock: Python's `Array`. Its length is fixed.
 *
 * Reading and writing a single element is atomic by itself and takes no lock. `slice`, `assign` and `fill` hold the lock,
 * so whoever else holds it sees all of their work or none. `array.set(i, array.get(i) + 1)` is a read and a write, between
 * which another thread may come: hold the lock, or use `update`.
 *
 * A `SharedArray` is Lockable: `acquire`, `release`, `run` and their twins are those of its lock.
 *
 * - **Memory**: a release happens before the acquire that follows it; reads and writes of single elements have one order.
 *   What works on several elements, `view` and `update` use plain access: see its results with the lock held.
 * - **Failure**: as the lock's; see `Lock`.
 *
 * @example
 * ```ts
 * import { SharedArray, struct } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const votes = new SharedArray("int32", 3);
 * votes.update(1, (n) => n + 1);
 * votes.assign(2, [7]);
 * assert.deepEqual(votes.slice(), new Int32Array([0, 1, 7]));
 *
 * const points = new SharedArray(struct({ x: "float64", y: "float64" }), [{ x: 1, y: 2 }]);
 * points.run(() => {
 *   points.get(0).x += 1; // a live record: this writes the memory
 * });
 * assert.deepEqual(points.slice(), [{ x: 2, y: 2 }]);
 * ```
 */
export class SharedArray<T extends ElementType> extends Guarded {
  readonly #extent: Extent;
  readonly #elements: Elements;
  #raw: RawArray<T> | undefined;

  /**
   * @param type The elements' type: a name, Python's code, or a struct.
   * @param sizeOrIterable How many elements there are, each 0, 0n or false; or the elements.
   * @throws {TypeError} If `type` is unknown, an element is of another JavaScript type or lacks a field, or `lock` is no lock.
   * @throws {RangeError} If the size is no integer >= 0, an element has a fraction and the type has none, or `memory` has no room.
   */
  constructor(type: T, sizeOrIterable: number | Iterable<ValueOf<T>>, options?: ValueOptions);
  /** @internal */
  constructor(type: T, sizeOrIterable: number | Iterable<ValueOf<T>>, options: ValueOptions | undefined, parts: Parts);
  constructor(
    type: T,
    sizeOrIterable: number | Iterable<ValueOf<T>>,
    options?: ValueOptions,
    { extent, lock }: Parts = createParts(type, sizeOrIterable, options),
  ) {
    super(extent.at, lock);
    this.#extent = extent;
    this.#elements = new Elements("SharedArray", elementOf(type, "SharedArray"), extent, "atomic");
  }

  /**
   * The array of a handle, in this thread, with its lock.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or nothing of the kind lies there.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach<T extends ElementType>(handle: Handle): SharedArray<T> {
    const { type, ...extent } = openExtent("SharedArray", handle);
    return new SharedArray(type as T, 0, undefined, { extent, lock: attachGuard(handle) });
  }

  protected override get kind(): "SharedArray" {
    return "SharedArray";
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

  /** A typed array over the elements, for whoever holds the lock: of bools over their bytes, of structs over the bytes of them all. */
  get view(): ViewOf<T> {
    return this.#elements.view as ViewOf<T>;
  }

  /** The lock that protects the array: Python's `get_lock()`. */
  getLock(): Lock | RLock {
    return this.lock;
  }

  /** The same array without its lock: Python's `get_obj()`. */
  getObj(): RawArray<T> {
    this.#raw ??= new RawArray<T>(this.type as unknown as T, 0, undefined, this.#extent);
    return this.#raw;
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
   * Stores an element; a struct field by field. Integers wrap.
   *
   * @throws {TypeError} If the value is of another JavaScript type, or lacks a field.
   * @throws {RangeError} If `index` is outside, or the value has a fraction and the type has none.
   */
  set(index: number, value: ValueOf<T>): void {
    this.#elements.set(index, value);
  }

  /**
   * Replaces an element by what `fn` makes of it, holding the lock.
   *
   * @param fn Takes the element, returns the new one. Of a struct it takes a plain copy, and may change that instead and
   * return nothing. If it throws, the element stays.
   * @returns The new element; of a struct a plain copy.
   * @throws As `acquire`; `RangeError` if `index` is outside; `TypeError` or `RangeError` if `fn` returns what the type cannot hold.
   */
  update(index: number, fn: (value: ValueOf<T>) => Next<T>, options?: WaitOptions): ValueOf<T> {
    return this.lock.run(() => {
      const copy = this.#elements.copy(index);
      return this.#elements.replace(index, copy, fn(copy as ValueOf<T>)) as ValueOf<T>;
    }, options);
  }

  /** As {@linkcode SharedArray.update}, waiting without blocking the thread; `fn` may return a promise. */
  updateAsync(index: number, fn: (value: ValueOf<T>) => Next<T> | Promise<Next<T>>, options?: AsyncWaitOptions): Promise<ValueOf<T>> {
    return this.lock.runAsync(async () => {
      const copy = this.#elements.copy(index);
      return this.#elements.replace(index, copy, await fn(copy as ValueOf<T>)) as ValueOf<T>;
    }, options);
  }

  /**
   * A copy of the elements from `start` to before `end`, as `Array.prototype.slice` counts: a typed array, or a list of
   * bools or plain objects. Holds the lock meanwhile.
   *
   * @throws As `acquire`, unless this thread holds the lock.
   */
  slice(start?: number, end?: number): SliceOf<T> {
    return this.#holding(() => this.#elements.slice(start, end) as Copies as SliceOf<T>);
  }

  /**
   * Stores values from `start` on, holding the lock. All are checked before any is stored.
   *
   * @throws {TypeError} If a value is of another JavaScript type, or lacks a field.
   * @throws {RangeError} If there are more than fit, or one has a fraction and the type has none.
   * @throws As `acquire`, unless this thread holds the lock.
   */
  assign(start: number, values: Iterable<ValueOf<T>>): void {
    const list = this.#elements.prepare(start, values);
    this.#holding(() => this.#elements.write(start, list));
  }

  /** Stores the same value from `start` to before `end`, as `Array.prototype.fill` counts, holding the lock. */
  fill(value: ValueOf<T>, start?: number, end?: number): this {
    const filler = this.#elements.filler(value);
    this.#holding(() => this.#elements.fill(filler, start, end));
    return this;
  }

  /** The indexes. */
  keys(): Generator<number, void, undefined> {
    return this.#elements.keys();
  }

  /** The elements, each read when its turn comes. For all as they are at one moment, `slice`. */
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

  /** Runs with the lock held; this thread may hold it already, also as a `Lock`, which it could not take twice. */
  #holding<R>(fn: () => R): R {
    return this.lock.held ? fn() : this.lock.run(fn);
  }
}
