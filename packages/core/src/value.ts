/**
 * A value in shared memory together with the lock that protects it.
 *
 * @module
 */
import { Atomic } from "./atomic.ts";
import { attachGuard, Guarded, guardOf } from "./guarded.ts";
import type { Handle } from "./handle.ts";
import type { Lock } from "./lock.ts";
import type { Place } from "./memory.ts";
import { createValuePlace, openValuePlace, RawValue, type RawValueOptions } from "./raw-value.ts";
import type { RLock } from "./rlock.ts";
import type { AsyncWaitOptions, WaitOptions } from "./sys/options.ts";
import { checkValue, type TypeCode, typeOf, type ValueOf, type ValueType, type ValueView } from "./type-code.ts";

/** How a value is made. */
export interface ValueOptions extends RawValueOptions {
  /** The lock that protects it; a new `RLock` in the same memory if absent. One lock may protect several values. */
  readonly lock?: Lock | RLock | undefined;
}

interface Parts {
  readonly at: Place;
  readonly lock: Lock | RLock;
}

function createParts(type: TypeCode, initial: unknown, options: ValueOptions | undefined): Parts {
  const { lock, memory } = options ?? {};
  const guard = guardOf("Value", lock, memory, "; for memory without a lock, use RawValue or Atomic");
  return { at: createValuePlace("Value", type, initial, memory), lock: guard };
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
export class Value<T extends TypeCode> extends Guarded {
  readonly #type: ValueType;
  readonly #atomic: Atomic<T>;
  readonly #view: ValueView;
  readonly #raw: RawValue<T>;
  readonly #bool: boolean;

  /**
   * @param type The type's name or Python's code.
   * @param initial The first value; 0, 0n or false if absent.
   * @throws {TypeError} If `type` is unknown, `initial` is of another JavaScript type, or `lock` is no lock.
   * @throws {RangeError} If `initial` has a fraction and the type has none, or `memory` has no room.
   */
  constructor(type: T, initial?: ValueOf<T>, options?: ValueOptions);
  /** @internal */
  constructor(type: T, initial: ValueOf<T> | undefined, options: ValueOptions | undefined, parts: Parts);
  constructor(type: T, initial?: ValueOf<T>, options?: ValueOptions, parts: Parts = createParts(type, initial, options)) {
    super(parts.at, parts.lock);
    this.#type = typeOf(type, "Value");
    this.#atomic = new Atomic(type, undefined, undefined, parts.at);
    this.#raw = new RawValue(type, undefined, undefined, parts.at);
    this.#view = this.#raw.view;
    this.#bool = this.#type.kind === "bool";
  }

  /**
   * The value of a handle, in this thread, with its lock.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or nothing of the kind lies there.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach<T extends TypeCode>(handle: Handle): Value<T> {
    const at = openValuePlace("Value", handle);
    return new Value(handle.type as T, undefined, undefined, { at, lock: attachGuard(handle) });
  }

  protected override get kind(): "Value" {
    return "Value";
  }

  override get handle(): Handle {
    return { ...super.handle, type: this.type };
  }

  /** The name of its type. */
  get type(): ValueType["name"] {
    return this.#type.name;
  }

  /** The value. Reading is atomic, writing is atomic; the two together are not. */
  get value(): ValueOf<T> {
    return this.#atomic.load();
  }

  set value(value: ValueOf<T>) {
    this.#atomic.store(value);
  }

  /** The lock that protects the value: Python's `get_lock()`. */
  getLock(): Lock | RLock {
    return this.lock;
  }

  /** The same value without its lock: Python's `get_obj()`. */
  getObj(): RawValue<T> {
    return this.#raw;
  }

  /**
   * Replaces the value by what `fn` makes of it, holding the lock.
   *
   * @param fn Takes the value, returns the new one. If it throws, the value stays.
   * @returns The new value.
   * @throws As `acquire`; and `TypeError` or `RangeError` if `fn` returns what the type cannot hold.
   */
  update(fn: (value: ValueOf<T>) => ValueOf<T>, options?: WaitOptions): ValueOf<T> {
    const lock = this.lock;
    lock.acquire(options);
    try {
      return this.#replace(fn(this.#read()));
    } finally {
      lock.release();
    }
  }

  /** As {@linkcode Value.update}, waiting without blocking the thread; `fn` may return a promise. */
  updateAsync(fn: (value: ValueOf<T>) => ValueOf<T> | Promise<ValueOf<T>>, options?: AsyncWaitOptions): Promise<ValueOf<T>> {
    return this.lock.runAsync(async () => this.#replace(await fn(this.#read())), options);
  }

  /** Adds under the lock, and returns the value before. Integers wrap. Throws `TypeError` for a bool. */
  add(n: ValueOf<T>): ValueOf<T> {
    return this.lock.run(() => this.#atomic.add(n));
  }

  // Plain access: the lock is held.
  #read(): ValueOf<T> {
    const value = this.#view[0];
    return (this.#bool ? value !== 0 : value) as ValueOf<T>;
  }

  #replace(value: ValueOf<T>): ValueOf<T> {
    checkValue(this.#type, value, "update Value");
    this.#view[0] = (this.#bool ? Number(value) : value) as never;
    return this.#read();
  }
}
