/**
 * A value in shared memory together with the lock that protects it.
 *
 * @module
 */
import type { Access } from "./access.ts";
import { cellsOf, type Element, updated } from "./element.ts";
import { attachGuard, checkGuard, Guarded, guardOf } from "./guarded.ts";
import type { Handle } from "./handle.ts";
import type { Lock } from "./lock.ts";
import type { Place } from "./memory.ts";
import { createValuePlace, dataOf, openValuePlace, RawValue, type RawValueOptions, shown } from "./raw-value.ts";
import type { RLock } from "./rlock.ts";
import { elementOf, type Struct } from "./struct.ts";
import type { AsyncWaitOptions, WaitOptions } from "./sys/options.ts";
import type { ElementType, Live, Next, ShownType, ValueOf } from "./type-code.ts";

/** How a value is made. */
export interface ValueOptions extends RawValueOptions {
  /** The lock that protects it; a new `RLock` in the same memory if absent. One lock may protect several values. */
  readonly lock?: Lock | RLock | undefined;
}

interface Parts {
  readonly at: Place;
  readonly lock: Lock | RLock;
}

function createParts(type: ElementType, initial: unknown, options: ValueOptions | undefined): Parts {
  const { lock, memory } = options ?? {};
  checkGuard("Value", lock, "; for memory without a lock, use RawValue or Atomic");
  const at = createValuePlace("Value", type, initial, memory);
  return { at, lock: guardOf(lock, memory, at) };
}

/**
 * One value in shared memory together with a lock.
 *
 * Each read and each write of `.value` is atomic by itself. `value.value += 1` is one read and one write, so two threads
 * may read the same old value and one addition is lost: hold the lock, or use `update` or `add`. If all you need is a
 * counter, `Atomic` is faster.
 *
 * A `Value` is Lockable: `acquire`, `release`, `run` and their twins are those of its lock.
 *
 * - **Memory**: a release happens before the acquire that follows it; reads and writes of `.value` have one order.
 * - **Failure**: as the lock's; see `Lock`.
 *
 * @example Add without losing updates
 * ```ts
 * import { Value } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const counter = new Value("int32", 1);
 * assert.equal(counter.update((n) => n * 10), 10);
 * counter.getLock().run(() => {
 *   counter.value += 1;
 * });
 * assert.equal(counter.add(5), 11); // the value before
 * assert.equal(counter.value, 16);
 * ```
 */
export class Value<T extends ElementType> extends Guarded {
  readonly #type: Element;
  readonly #at: Place;
  readonly #index: number;
  readonly #access: Access;
  readonly #cells: unknown;
  // For whoever holds the lock.
  readonly #plain: Access;
  readonly #plainCells: unknown;
  #raw: RawValue<T> | undefined;

  /**
   * @param type The type's name, Python's code, or a struct.
   * @param initial The first value; 0, 0n or false if absent.
   * @throws {TypeError} If `type` is unknown, `initial` is of another JavaScript type or lacks a field, or `lock` is no lock.
   * @throws {RangeError} If `initial` has a fraction and the type has none, or `memory` has no room.
   */
  constructor(type: T, initial?: ValueOf<T>, options?: ValueOptions);
  /** @internal */
  constructor(type: T, initial: ValueOf<T> | undefined, options: ValueOptions | undefined, parts: Parts);
  constructor(type: T, initial?: ValueOf<T>, options?: ValueOptions, parts: Parts = createParts(type, initial, options)) {
    super(parts.at, parts.lock);
    const { at } = parts;
    this.#type = elementOf(type, "Value");
    this.#at = at;
    this.#index = at.offset >>> this.#type.shift;
    this.#access = this.#type.atomic;
    this.#cells = cellsOf(this.#type, "atomic", at);
    this.#plain = this.#type.plain;
    this.#plainCells = cellsOf(this.#type, "plain", at);
  }

  /**
   * The value of a handle, in this thread, with its lock.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or nothing of the kind lies there.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach<T extends ElementType>(handle: Handle): Value<T> {
    const { at, type } = openValuePlace("Value", handle);
    return new Value(type as T, undefined, undefined, { at, lock: attachGuard(handle) });
  }

  protected override get kind(): "Value" {
    return "Value";
  }

  override get handle(): Handle {
    return { ...super.handle, type: dataOf(this.#type) };
  }

  /** The name of its type, or its struct. */
  get type(): ShownType<T> {
    return shown(this.#type);
  }

  /**
   * The value; a struct as a live record. Reading is atomic, writing is atomic; the two together are not, nor are several
   * fields of a struct.
   */
  get value(): Live<T> {
    return this.#access.get(this.#cells, this.#index) as Live<T>;
  }

  set value(value: ValueOf<T>) {
    this.#access.set(this.#cells, this.#index, this.#type.check(value, "set Value"));
  }

  /** The lock that protects the value: Python's `get_lock()`. */
  getLock(): Lock | RLock {
    return this.lock;
  }

  /** The same value without its lock: Python's `get_obj()`. */
  getObj(): RawValue<T> {
    this.#raw ??= new RawValue<T>(this.type as unknown as T, undefined, undefined, this.#at);
    return this.#raw;
  }

  /**
   * Replaces the value by what `fn` makes of it, holding the lock.
   *
   * @param fn Takes the value, returns the new one. Of a struct it takes a plain copy, and may change that instead and
   * return nothing. If it throws, the value stays.
   * @returns The new value; of a struct a plain copy.
   * @throws As `acquire`; and `TypeError` or `RangeError` if `fn` returns what the type cannot hold.
   */
  update(fn: (value: ValueOf<T>) => Next<T>, options?: WaitOptions): ValueOf<T> {
    const lock = this.lock;
    lock.acquire(options);
    let next: ValueOf<T>;
    try {
      const copy = this.#copy();
      next = this.#replace(copy, fn(copy));
    } catch (error) {
      lock.releaseAfter(error);
      throw error;
    }
    lock.release();
    return next;
  }

  /** As {@linkcode Value.update}, waiting without blocking the thread; `fn` may return a promise. */
  updateAsync(fn: (value: ValueOf<T>) => Next<T> | Promise<Next<T>>, options?: AsyncWaitOptions): Promise<ValueOf<T>> {
    return this.lock.runAsync(async () => {
      const copy = this.#copy();
      return this.#replace(copy, await fn(copy));
    }, options);
  }

  /** Adds under the lock, and returns the value before. Integers wrap. Throws `TypeError` for a bool or a struct. */
  add(n: T extends Struct ? never : ValueOf<T>): ValueOf<T> {
    const type = this.#type;
    if (type.kind === "struct" || type.kind === "bool")
      throw new TypeError(`Cannot add to Value as its type must be a number: received a ${type.kind}; use update`);
    type.check(n, "add to Value");
    return this.lock.run(() => {
      const before = this.#plain.get(this.#plainCells, this.#index) as number;
      // The rest of the division wraps just the same, and the sum of two such numbers is exact.
      this.#plain.set(this.#plainCells, this.#index, before + (type.kind === "int" ? (n as number) % 2 ** 32 : (n as number)));
      return before as ValueOf<T>;
    });
  }

  #copy(): ValueOf<T> {
    return this.#plain.copy(this.#plainCells, this.#index) as ValueOf<T>;
  }

  #replace(copy: unknown, returned: unknown): ValueOf<T> {
    this.#plain.set(this.#plainCells, this.#index, updated(this.#type, copy, returned, "update Value"));
    return this.#copy();
  }
}
