/**
 * Core objects inside messages: they travel as plain data.
 *
 * @module
 */
import { type CarriedParcel, carriedAs } from "./carried.ts";
import { type Handle, isShareable, type Shareable } from "./handle.ts";
import { copyLive, isLive } from "./record.ts";
import { isSharedBytes } from "./shared-bytes.ts";

/** A core object on its way; differs from a handle that the user sends, which stays one. */
export interface Parcel {
  readonly "@interlock/parcel": Handle;
}

/** Where a message goes. */
export interface DehydrateOptions {
  /** Refuse whatever another OS process cannot share. */
  readonly crossProcess?: boolean;
  /** What to call the message in errors. */
  readonly name?: string;
  /**
   * Takes an object that carries the key `Symbol.for("@interlock/carried")`: for libraries with objects that are neither data
   * nor shared. Called once for each. If absent, such objects are refused.
   *
   * @param transfer The transfer list of the message.
   * @param path Where it lies in the message, for errors.
   * @returns What travels in its place; `uncarry` of `hydrate` is given that.
   */
  readonly carry?: ((object: object, transfer: unknown[], path: string) => unknown) | undefined;
}

/**
 * Copies a message, with plain data in place of the core objects in it; `hydrate` on the other side puts them back.
 *
 * Looks into arrays, plain objects, Maps and Sets, cycles included. Other objects are passed on as they are. A message
 * without core objects is returned itself.
 *
 * @param message What is to be posted.
 * @param transfer The transfer list of the message, for objects that add to it.
 * @throws {TypeError} If `crossProcess` is asked for and something in the message lies in memory that only threads
 * share; names its path. If an object is carried by another library, and `carry` is absent.
 *
 * @example
 * ```ts
 * import { dehydrate, hydrate, Lock } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const lock = new Lock();
 * const arrived = hydrate(structuredClone(dehydrate({ locks: [lock] }))) as { locks: Lock[] };
 * lock.acquire();
 * assert.equal(arrived.locks[0]?.locked, true);
 * lock.release();
 * ```
 */
export function dehydrate(message: unknown, transfer: unknown[] = [], options: DehydrateOptions = {}): unknown {
  return new Packer(transfer, options).pack(message, options.name ?? "message");
}

class Packer {
  readonly #transfer: unknown[];
  readonly #options: DehydrateOptions;
  /** What each object became: cycles end here. */
  readonly #done = new Map<object, unknown>();
  /** What was looked into already. */
  readonly #seen = new Set<object>();

  constructor(transfer: unknown[], options: DehydrateOptions) {
    this.#transfer = transfer;
    this.#options = options;
  }

  pack(message: unknown, path: string): unknown {
    return this.#needsCopy(message, path) ? this.#copy(message) : message;
  }

  #needsCopy(value: unknown, path: string): boolean {
    if (typeof value !== "object" || value === null) return false;
    if (isShareable(value)) {
      if (this.#options.crossProcess) requireCrossProcess(value, path);
      return true;
    }
    const reason = carriedAs(value);
    if (reason !== undefined) {
      this.#carry(value, path, reason);
      return true;
    }
    // It has nothing of its own to clone: a plain copy travels.
    if (isLive(value)) return true;
    const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
    if (this.#options.crossProcess && isSharedBytes(buffer)) {
      throw new TypeError(`Cannot send ${path} to a process as a SharedArrayBuffer is shared between threads only: send a copy of its bytes, or use a Thread`);
    }
    if (this.#seen.has(value)) return false;
    this.#seen.add(value);
    let found = false;
    for (const [key, child] of children(value)) if (this.#needsCopy(child, `${path}${key}`)) found = true;
    return found;
  }

  /** Keeps what travels in the place of an object. */
  #carry(object: object, path: string, reason: string): void {
    const { carry } = this.#options;
    if (carry === undefined) throw new TypeError(`Cannot send ${path} as ${reason}`);
    if (!this.#done.has(object)) this.#done.set(object, { "@interlock/carried": carry(object, this.#transfer, path) } satisfies CarriedParcel);
  }

  #copy(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const done = this.#done.get(value);
    if (done !== undefined) return done;
    if (isShareable(value)) {
      const parcel: Parcel = { "@interlock/parcel": value.handle };
      this.#done.set(value, parcel);
      return parcel;
    }
    if (isLive(value)) return copyLive(value);
    if (Array.isArray(value)) {
      const copy: unknown[] = new Array(value.length);
      this.#done.set(value, copy);
      for (const key of Object.keys(value)) (copy as unknown as Record<string, unknown>)[key] = this.#copy((value as unknown as Record<string, unknown>)[key]);
      return copy;
    }
    if (value instanceof Map) {
      const copy = new Map<unknown, unknown>();
      this.#done.set(value, copy);
      for (const [key, child] of value) copy.set(this.#copy(key), this.#copy(child));
      return copy;
    }
    if (value instanceof Set) {
      const copy = new Set<unknown>();
      this.#done.set(value, copy);
      for (const child of value) copy.add(this.#copy(child));
      return copy;
    }
    if (!isRecord(value)) return value;
    const copy: Record<string, unknown> = {};
    this.#done.set(value, copy);
    for (const key of Object.keys(value)) put(copy, key, this.#copy((value as Record<string, unknown>)[key]));
    return copy;
  }
}

/** Sets an own property, also one whose name is special. */
function put(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** Refuses an object that processes cannot share, or whose lock they cannot. */
function requireCrossProcess({ memory, handle }: Shareable, path: string): void {
  const { kind, lock } = handle;
  if (memory.crossProcess && (lock === undefined || "system" in lock.memory)) return;
  throw new TypeError(
    `Cannot send ${path} to a process as ${memory.crossProcess ? "the memory of its lock" : "its memory"} is shared between threads only: received ${kind}; create it with { memory } from createMemory() of @interlock/shm, or use a Thread`,
  );
}

function* children(value: object): Generator<[string, unknown]> {
  if (Array.isArray(value)) {
    for (const [i, child] of value.entries()) if (typeof child === "object") yield [`[${i}]`, child];
  } else if (value instanceof Map) {
    let i = 0;
    for (const [key, child] of value) {
      yield [`.keys()[${i}]`, key];
      yield [`.get(${typeof key === "string" ? JSON.stringify(key) : `#${i}`})`, child];
      i++;
    }
  } else if (value instanceof Set) {
    let i = 0;
    for (const child of value) yield [`.values()[${i++}]`, child];
  } else if (isRecord(value)) {
    for (const key of Object.keys(value)) yield [`.${key}`, (value as Record<string, unknown>)[key]];
  }
}

/** A plain object or an instance of a user's class, which structured clone turns into one. Host objects carry a tag. */
export function isRecord(value: object): boolean {
  return Object.prototype.toString.call(value) === "[object Object]" && !ArrayBuffer.isView(value);
}
