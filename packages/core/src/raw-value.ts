/**
 * A value in shared memory, with no synchronisation at all.
 *
 * @module
 */
import type { Access } from "./access.ts";
import { cellsOf, type Element, viewOf } from "./element.ts";
import { type Handle, openHandle, requireHandle, Shareable } from "./handle.ts";
import type { Memory, Place } from "./memory.ts";
import { place } from "./slab.ts";
import { elementOf, type StructData, typeOfHandle } from "./struct.ts";
import type { ElementType, Live, ShownType, ValueOf, ValueView } from "./type-code.ts";

/** Where a value is made. */
export interface RawValueOptions {
  /** Where it lies; in this thread's default memory if absent. */
  readonly memory?: Memory | undefined;
}

/** Reserves a value's bytes and stores the first value, after checking both. */
export function createValuePlace(kind: string, type: unknown, initial: unknown, memory: Memory | undefined): Place {
  const element = elementOf(type, kind);
  const first = initial === undefined ? undefined : element.check(initial, `create ${kind}`);
  const at = place(memory, element.bytes, element.align);
  if (first !== undefined) element.plain.set(cellsOf(element, "plain", at), at.offset >>> element.shift, first);
  return at;
}

/** Opens a value's bytes. */
export function openValuePlace(kind: string, handle: Handle): { at: Place; type: ElementType } {
  requireHandle(handle, kind);
  const type = typeOfHandle(handle.type);
  const element = elementOf(type, kind);
  return { at: openHandle(handle, kind, element.bytes, element.align), type };
}

/** A type as handles carry it. */
export function dataOf(type: Element): string | StructData {
  return type.kind === "struct" ? type.toJSON() : type.name;
}

/** A type as objects show it. */
export function shown<T extends ElementType>(type: Element): ShownType<T> {
  return (type.kind === "struct" ? type : type.name) as ShownType<T>;
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
export class RawValue<T extends ElementType> extends Shareable {
  readonly #type: Element;
  readonly #access: Access;
  readonly #cells: unknown;
  readonly #index: number;
  readonly #at: Place;
  readonly #struct: boolean;
  #view: ValueView | undefined;

  /**
   * @param type The type's name, Python's code, or a struct.
   * @param initial The first value; 0, 0n or false if absent.
   * @throws {TypeError} If `type` is unknown, or `initial` is of another JavaScript type, or lacks a field.
   * @throws {RangeError} If `initial` has a fraction and the type has none, or `memory` has no room.
   */
  constructor(type: T, initial?: ValueOf<T>, options?: RawValueOptions);
  /** @internal */
  constructor(type: T, initial: ValueOf<T> | undefined, options: RawValueOptions | undefined, at: Place);
  constructor(type: T, initial?: ValueOf<T>, options?: RawValueOptions, at: Place = createValuePlace("RawValue", type, initial, options?.memory)) {
    super(at);
    this.#type = elementOf(type, "RawValue");
    this.#access = this.#type.plain;
    this.#cells = cellsOf(this.#type, "plain", at);
    this.#index = at.offset >>> this.#type.shift;
    this.#at = at;
    this.#struct = this.#type.kind === "struct";
  }

  /**
   * The value of a handle, in this thread.
   *
   * @throws {TypeError} If the handle is malformed, of another kind or version, or nothing of the kind lies there.
   * @throws {RangeError} If it points outside its memory.
   */
  static attach<T extends ElementType>(handle: Handle): RawValue<T> {
    const { at, type } = openValuePlace("RawValue", handle);
    return new RawValue(type as T, undefined, undefined, at);
  }

  protected override get kind(): "RawValue" {
    return "RawValue";
  }

  override get handle(): Handle {
    return { ...super.handle, type: dataOf(this.#type) };
  }

  /** The name of its type, or its struct. */
  get type(): ShownType<T> {
    return shown(this.#type);
  }

  /** A typed array of length 1 over the value; over the bytes of a struct. */
  get view(): ValueView {
    this.#view ??= viewOf(this.#type, this.#at);
    return this.#view;
  }

  /** The value, by plain access; a struct as a live record. Writes convert as typed arrays do: integers wrap. */
  get value(): Live<T> {
    return this.#access.get(this.#cells, this.#index) as Live<T>;
  }

  set value(value: ValueOf<T>) {
    this.#access.set(this.#cells, this.#index, this.#struct ? this.#type.check(value, "set RawValue") : value);
  }
}
