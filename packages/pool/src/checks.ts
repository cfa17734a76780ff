/**
 * Checks of what callers pass.
 *
 * @module
 */
import { describe } from "./describe.ts";

/** An integer >= 1. A wrong type is a `TypeError`, a wrong number a `RangeError`. `action` completes "Cannot …". */
export function requireCount(value: unknown, name: string, action: string): number {
  if (Number.isInteger(value) && (value as number) >= 1) return value as number;
  const Kind = typeof value === "number" ? RangeError : TypeError;
  throw new Kind(`Cannot ${action} as '${name}' must be an integer >= 1: received ${describe(value)}`);
}

/** Milliseconds to wait; `Infinity` if absent. */
export function requireTimeout(value: unknown, action: string): number {
  if (value === undefined) return Infinity;
  if (typeof value === "number" && !Number.isNaN(value)) return value;
  const Kind = typeof value === "number" ? RangeError : TypeError;
  throw new Kind(`Cannot ${action} as 'timeout' must be a number of milliseconds: received ${describe(value)}`);
}

/** The arguments of a call. */
export function requireArgs(value: unknown, action: string): void {
  if (!Array.isArray(value)) throw new TypeError(`Cannot ${action} as 'args' must be an array: received ${describe(value)}`);
}

/** The items of a map, as an array. */
export function requireItems<T>(value: Iterable<T>, action: string): readonly T[] {
  if (Array.isArray(value)) return value as readonly T[];
  if (typeof (value as Partial<Iterable<T>> | null | undefined)?.[Symbol.iterator] === "function") return [...value];
  throw new TypeError(`Cannot ${action} as 'items' must be iterable: received ${describe(value)}`);
}
