/**
 * A value in shared memory whose every operation is atomic, without a lock.
 *
 * @module
 */
import { bitsOfFloat32, bitsOfFloat64, float32Of, float64Of } from "./access.ts";
import { viewOf } from "./element.ts";
import { type Handle, requireHandle, Shareable } from "./handle.ts";
import { type Place, wordsOf } from "./memory.ts";
import { createValuePlace, openValuePlace, type RawValueOptions } from "./raw-value.ts";
import { codeOf } from "./struct.ts";
import type { WaitResult } from "./sys/futex.ts";
import { every } from "./sys/host.ts";
import { type AsyncWaitOptions, throwIfAborted, timeoutOf, type WaitOptions } from "./sys/options.ts";
import { sleep } from "./sys/wait-point.ts";
import { type TypeCode, typeOf, type ValueOf, type ValueType, type ValueView } from "./type-code.ts";

/** The typed arrays on which the engine's `Atomics` works. */
type Bits = Exclude<ValueView, Float32Array | Float64Array>;

/**
 * One value in shared memory whose every operation is atomic and lock-free.
 *
 * The right tool for counters and flags: what a `Value` and its lock do in two steps, `add` does in one.
 *
 * - **Memory**: all operations of all threads have one order, the same for everybody.
 * - **Order**: under contention a float operation retries until it succeeds; some thread always does.
 *
 * @example Count from many threads
 * ```ts
 * import { Atomic } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const hits = new Atomic("int32");
 * assert.equal(hits.add(2), 0); // the value before
 * assert.equal(hits.load(), 2);
 * ```
 */
export class Atomic<T extends TypeCode> extends Shareable {
  readonly #bits: Bits;
  readonly #type: ValueType;
  /** Whether the value is its own bits: nothing to convert on the fast path. */
  readonly #plain: boolean;

  /**
   * @param type The type's name or Python's code.
   * @param initial The first value; 0, 0n or false if absent.
   * @throws {TypeError} If `type` is unknown, or `initial` is of another JavaScript type.
   * @throws {RangeError} If `initial` has a fraction and the type has none, or `memory` has no room.
   */
  constructor(type: T, initial?: ValueOf<T>, options?: RawValueOptions);
  /** @internal */
  constructor(type: T, initial: ValueOf<T> | undefined, options: RawValueOptions | undefined, at: Place);
  constructor(
    type: T,
    initial?: ValueOf<T>,
    options?: RawValueOptions,
    at: Place = createValuePlace("Atomic", codeOf(type, "Atomic"), initial, options?.memory),
  ) {
    super(at);
    this.#type = typeOf(type, "Atomic");
    this.#plain = this.#type.kind === "int" || this.#type.kind === "bigint";
    this.#bits =
      this.#type.kind === "float" ? (viewOf(typeOf(this.#type.bytes === 4 ? "int32" : "int64", "Atomic"), at) as Bits) : (viewOf(this.#type, at) as Bits);
  }

  /**
   * The value of a handle, in this thread.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or nothing of the kind lies there.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach<T extends TypeCode>(handle: Handle): Atomic<T> {
    requireHandle(handle, "Atomic");
    const { at, type } = openValuePlace("Atomic", { ...handle, type: codeOf(handle.type, "Atomic") });
    return new Atomic(type as T, undefined, undefined, at);
  }

  protected override get kind(): "Atomic" {
    return "Atomic";
  }

  override get handle(): Handle {
    return { ...super.handle, type: this.type };
  }

  /** The name of its type. */
  get type(): ValueType["name"] {
    return this.#type.name;
  }

  /** The value now. */
  load(): ValueOf<T> {
    return this.#decode(Atomics.load(this.#bits as Int32Array, 0));
  }

  /** Sets the value. */
  store(value: ValueOf<T>): void {
    Atomics.store(this.#bits as Int32Array, 0, this.#encode(value, "store"));
  }

  /** Sets the value and returns the one before. */
  exchange(value: ValueOf<T>): ValueOf<T> {
    return this.#decode(Atomics.exchange(this.#bits as Int32Array, 0, this.#encode(value, "exchange")));
  }

  /**
   * Sets the value if it is `expected`. Floats are compared by their bits: NaN equals itself, 0 differs from -0.
   *
   * @returns The value before; it was replaced if it equals `expected`.
   */
  compareExchange(expected: ValueOf<T>, value: ValueOf<T>): ValueOf<T> {
    return this.#decode(
      Atomics.compareExchange(this.#bits as Int32Array, 0, this.#encode(expected, "compareExchange"), this.#encode(value, "compareExchange")),
    );
  }

  /** Adds, and returns the value before. Integers wrap. Throws `TypeError` for a bool. */
  add(n: ValueOf<T>): ValueOf<T> {
    if (this.#plain) return Atomics.add(this.#bits as Int32Array, 0, this.#encode(n, "add")) as ValueOf<T>;
    return this.#addFloat(n, 1);
  }

  /** Subtracts, and returns the value before. Integers wrap. Throws `TypeError` for a bool. */
  sub(n: ValueOf<T>): ValueOf<T> {
    if (this.#plain) return Atomics.sub(this.#bits as Int32Array, 0, this.#encode(n, "sub")) as ValueOf<T>;
    return this.#addFloat(n, -1);
  }

  /** Bitwise and; returns the value before. Throws `TypeError` for a float. */
  and(mask: ValueOf<T>): ValueOf<T> {
    this.#refuseFloat("and");
    return this.#decode(Atomics.and(this.#bits as Int32Array, 0, this.#encode(mask, "and")));
  }

  /** Bitwise or; returns the value before. Throws `TypeError` for a float. */
  or(mask: ValueOf<T>): ValueOf<T> {
    this.#refuseFloat("or");
    return this.#decode(Atomics.or(this.#bits as Int32Array, 0, this.#encode(mask, "or")));
  }

  /** Bitwise exclusive or; returns the value before. Throws `TypeError` for a float. */
  xor(mask: ValueOf<T>): ValueOf<T> {
    this.#refuseFloat("xor");
    return this.#decode(Atomics.xor(this.#bits as Int32Array, 0, this.#encode(mask, "xor")));
  }

  /**
   * Blocks while the value is `expected`. For int32 only.
   *
   * A change without `notify` is seen within 50 ms; one that is undone before that may be missed.
   *
   * @returns "ok" after a change or a wake, "not-equal" if the value differed from the start, "timed-out".
   * @throws {TypeError} If the type is not int32, or this thread may not block.
   */
  wait(expected: ValueOf<T>, options?: WaitOptions): WaitResult {
    const { words, index, value, timeout } = this.#waitable(expected, options);
    const { agent } = this.memory;
    const deadline = agent.now() + timeout;
    if (Atomics.load(words, index) !== value) return "not-equal";
    for (;;) {
      const left = deadline - agent.now();
      if (left <= 0) return "timed-out";
      // It differs now and did not before: that is a change.
      if (sleep(this.memory, index, value, left, "Atomic.wait") !== "timed-out") return "ok";
    }
  }

  /** As {@linkcode Atomic.wait}, without blocking the thread; keeps the program alive meanwhile. */
  async waitAsync(expected: ValueOf<T>, options?: AsyncWaitOptions): Promise<WaitResult> {
    const { words, index, value, timeout } = this.#waitable(expected, options);
    const signal = options?.signal;
    throwIfAborted(signal);
    const { agent, waiter } = this.memory;
    const deadline = agent.now() + timeout;
    const release = every(agent.sliceMs, () => {});
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    let wait: Promise<WaitResult> | undefined;
    try {
      for (let first = true; ; first = false) {
        wait = waiter.waitAsync(words, index, value, Math.max(0, Math.min(agent.sliceMs, deadline - agent.now())));
        const how = await Promise.race([wait, aborted.promise]);
        wait = undefined;
        if (how !== "timed-out") return how === "not-equal" && !first ? "ok" : how;
        agent.checkpoint();
        if (agent.now() >= deadline) return how;
      }
    } finally {
      signal?.removeEventListener("abort", onAbort);
      // An abandoned engine wait may still swallow a wake that was meant for a live waiter: it passes that on.
      void Promise.resolve(wait).then((how) => {
        if (how === "ok") waiter.notify(words, index, 1);
        release();
      }, release);
    }
  }

  /** Wakes up to `count` waiters, all if absent; returns how many. For int32 only. Throws `RangeError` if that is negative or NaN. */
  notify(count: number = Infinity): number {
    if (!(count >= 0)) throw new RangeError(`Cannot notify on Atomic as 'count' must be a number >= 0: received ${String(count)}`);
    const { words, index } = this.#waitable(0 as ValueOf<T>, undefined);
    return this.memory.waiter.notify(words, index, count);
  }

  #waitable(expected: ValueOf<T>, options: WaitOptions | undefined): { words: Int32Array; index: number; value: number; timeout: number } {
    if (this.#type.name !== "int32") throw new TypeError(`Cannot wait on Atomic as its type must be int32: received ${this.#type.name}`);
    this.#type.check(expected, "wait on Atomic");
    const value = (expected as number) | 0;
    return { words: wordsOf(this.memory), index: this.#bits.byteOffset >>> 2, value, timeout: timeoutOf(options, Infinity, "wait on Atomic") };
  }

  #addFloat(n: ValueOf<T>, sign: 1 | -1): ValueOf<T> {
    if (this.#type.kind === "bool") throw new TypeError("Cannot add to Atomic as its type is bool: use exchange, and, or, xor");
    this.#type.check(n, "add to Atomic");
    // On the bits: a NaN has many, and comparing by value might never succeed.
    const bits = this.#bits as Int32Array;
    for (;;) {
      const before = Atomics.load(bits, 0);
      const value = this.#decode(before);
      const after = this.#encodeSlow(((value as number) + sign * (n as number)) as ValueOf<T>, "add to");
      if (Atomics.compareExchange(bits, 0, before, after) === before) return value;
    }
  }

  #refuseFloat(operation: string): void {
    if (this.#type.kind === "float")
      throw new TypeError(`Cannot ${operation} Atomic as its type is ${this.#type.name}: bitwise operations take integers and bools`);
  }

  #encode(value: ValueOf<T>, operation: string): number {
    if (typeof value === "number" && this.#plain && Number.isInteger(value)) return value;
    return this.#encodeSlow(value, operation);
  }

  #encodeSlow(value: ValueOf<T>, operation: string): number {
    this.#type.check(value, `${operation} Atomic`);
    if (this.#plain) return value as number;
    if (this.#type.kind === "bool") return Number(value);
    return this.#type.bytes === 4 ? bitsOfFloat32(value as number) : (bitsOfFloat64(value as number) as unknown as number);
  }

  #decode(bits: number): ValueOf<T> {
    return (this.#plain ? bits : this.#decodeSlow(bits)) as ValueOf<T>;
  }

  #decodeSlow(bits: number): number | boolean {
    if (this.#type.kind === "bool") return bits !== 0;
    return this.#type.bytes === 4 ? float32Of(bits) : float64Of(bits as unknown as bigint);
  }
}
