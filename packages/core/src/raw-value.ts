/**
 * A value in shared memory, with no synchronisation at all.
 *
 * @module
 */
import { type Handle, openHandle, Shareable } from "./handle.ts";
import { type Memory, type Place, place } from "./memory.ts";
import { checkValue, type TypeCode, typeOf, type ValueOf, type ValueType, type ValueView } from "./type-code.ts";

/** Where a value is made. */
export interface RawValueOptions {
  /** Where it lies; in this thread's default memory if absent. */
  readonly memory?: Memory | undefined;
}

/** Reserves a value's bytes and stores the first value, after checking both. */
export function createValuePlace(kind: string, code: TypeCode, initial: unknown, memory: Memory | undefined): Place {
  const type = typeOf(code, kind);
  if (initial !== undefined) checkValue(type, initial, `create ${kind}`);
  const at = place(memory, type.bytes, type.bytes);
  if (initial !== undefined) viewOf(type, at)[0] = type.kind === "bool" ? Number(initial) : (initial as never);
  return at;
}

/** Opens a value's bytes. */
export function openValuePlace(kind: string, handle: Handle): Place {
  const type = typeOf(handle?.type as string, kind);
  return openHandle(handle, kind, type.bytes, type.bytes);
}

/** A typed array of length 1 over a value. */
export function viewOf(type: ValueType, { memory, offset }: Place): ValueView {
  return new type.view(memory.buffer as ArrayBuffer, offset, 1);
}

/**
 * One value in shared memory: plain reads and writes, no lock, no atomicity.
 *
 * Threads that write it at the same time lose updates; it does not replace a `Value` and its lock. Use it where a lock
 * of yours already protects it. For a counter without a lock, use `Atomic`.
 *
 * - **Memory**: nothing is promised without a lock: 64-bit values may be read half-written.
 *
 * @example
 * ```ts
 * import { RawValue } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const raw = new RawValue("float64", 1.5);
 * raw.value *= 2;
 * assert.equal(raw.value, 3);
 * ```
 */
export class RawValue<T extends TypeCode> extends Shareable {
  readonly #view: ValueView;
  readonly #type: ValueType;

  /**
   * @param type The type's name or Python's code.
   * @param initial The first value; 0, 0n or false if absent.
   * @throws {TypeError} If `type` is unknown, or `initial` is of another JavaScript type.
   * @throws {RangeError} If `initial` has a fraction and the type has none, or `memory` has no room.
   */
  constructor(type: T, initial?: ValueOf<T>, options?: RawValueOptions);
  /** @internal */
  constructor(type: T, initial: ValueOf<T> | undefined, options: RawValueOptions | undefined, at: Place);
  constructor(type: T, initial?: ValueOf<T>, options?: RawValueOptions, at: Place = createValuePlace("RawValue", type, initial, options?.memory)) {
    super(at);
    this.#type = typeOf(type, "RawValue");
    this.#view = viewOf(this.#type, at);
  }

  /**
   * The value of a handle, in this thread.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or nothing of the kind lies there.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach<T extends TypeCode>(handle: Handle): RawValue<T> {
    const at = openValuePlace("RawValue", handle);
    return new RawValue(handle.type as T, undefined, undefined, at);
  }

  protected override get kind(): "RawValue" {
    return "RawValue";
  }

  override get handle(): Handle {
    return { ...super.handle, type: this.type };
  }

  /** The name of its type. */
  get type(): ValueType["name"] {
    return this.#type.name;
  }

  /** A typed array of length 1 over the value. */
  get view(): ValueView {
    return this.#view;
  }

  /** The value, by plain access. Writes convert as typed arrays do: integers wrap. */
  get value(): ValueOf<T> {
    const value = this.#view[0];
    return (this.#type.kind === "bool" ? value !== 0 : value) as ValueOf<T>;
  }

  set value(value: ValueOf<T>) {
    this.#view[0] = value as never;
  }
}
