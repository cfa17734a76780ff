/**
 * Checks of what callers pass.
 *
 * @module
 */
import { describe } from "./describe.ts";
import { LONGEST_DELAY } from "./transport/deadline.ts";

/** An integer >= 1. A wrong type is a `TypeError`, a wrong number a `RangeError`. `action` completes "Cannot …". */
export function requireCount(value: unknown, name: string, action: string): number {
  if (Number.isInteger(value) && (value as number) >= 1) return value as number;
  const Kind = typeof value === "number" ? RangeError : TypeError;
  throw new Kind(`Cannot ${action} as '${name}' must be an integer >= 1: received ${describe(value)}`);
}

/** Milliseconds to wait; `Infinity` if absent, or longer than any timer. */
export function requireTimeout(value: unknown, action: string, name: string = "timeout"): number {
  if (value === undefined) return Infinity;
  if (typeof value === "number" && !Number.isNaN(value)) return value > LONGEST_DELAY ? Infinity : value;
  const Kind = typeof value === "number" ? RangeError : TypeError;
  throw new Kind(`Cannot ${action} as '${name}' must be a number of milliseconds: received ${describe(value)}`);
}

/** The arguments of a call. */
export function requireArgs(value: unknown, action: string): void {
  if (!Array.isArray(value)) throw new TypeError(`Cannot ${action} as 'args' must be an array: received ${describe(value)}`);
}

/** The items of a map. */
export function requireItems<T>(value: Iterable<T>, action: string): Iterable<T> {
  if (typeof (value as Partial<Iterable<T>> | null | undefined)?.[Symbol.iterator] === "function") return value;
  throw new TypeError(`Cannot ${action} as 'items' must be iterable: received ${describe(value)}`);
}

/** An iterator over the items of an `imap`. */
export function requireSource(value: unknown, action: string): Iterator<unknown> | AsyncIterator<unknown> {
  const items = (value ?? {}) as Iterable<unknown> & AsyncIterable<unknown>;
  if (typeof items[Symbol.asyncIterator] === "function") return items[Symbol.asyncIterator]();
  if (typeof items[Symbol.iterator] === "function") return items[Symbol.iterator]();
  throw new TypeError(`Cannot ${action} as 'items' must be iterable: received ${describe(value)}`);
}

/** How many items an `imap` will find; undefined if nobody knows: what comes asynchronously may yet grow, as a queue does. */
export function sizeOf(items: unknown): number | undefined {
  const { length, size, [Symbol.asyncIterator]: asynchronous } = Object(items) as { length?: unknown; size?: unknown; [Symbol.asyncIterator]?: unknown };
  if (asynchronous !== undefined) return undefined;
  return typeof length === "number" ? length : typeof size === "number" ? size : undefined;
}

/** Milliseconds that a call may run; undefined if it may run for ever. */
export function limitOf(timeout: unknown, action: string): number | undefined {
  const limit = requireTimeout(timeout, action);
  return limit === Infinity ? undefined : limit;
}

/** Chunks, which cannot be if each item has its own time. */
export function requireChunks(chunkSize: number | undefined, timeout: number | undefined, action: string): void {
  if (chunkSize !== undefined) requireCount(chunkSize, "chunkSize", action);
  if (timeout !== undefined && chunkSize !== undefined && chunkSize !== 1) {
    throw new RangeError(`Cannot ${action} as with a 'timeout' each item travels alone, so 'chunkSize' must be 1 or absent: received ${chunkSize}`);
  }
}
