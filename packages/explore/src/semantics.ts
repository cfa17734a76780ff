/**
 * The parts of the specification of `Atomics` that an engine must do itself.
 *
 * @module
 */
import type { WaitResult } from "./model.ts";
import type { IntegerView } from "./shim.ts";

/** How a wait ends that does not sleep; undefined if it does. */
export function sleepless(view: IntegerView, index: number, value: unknown, timeout: unknown): WaitResult | undefined {
  const there = view[index];
  const expected = typeof there === "bigint" ? BigInt.asIntN(64, value as bigint) : Number(value) | 0;
  if (there !== expected) return "not-equal";
  return toTimeout(timeout) === 0 ? "timed-out" : undefined;
}

/** An argument as milliseconds. */
export function toTimeout(timeout: unknown): number {
  const milliseconds = Number(timeout);
  return Number.isNaN(milliseconds) ? Infinity : Math.max(0, milliseconds);
}

/** An argument as the number of sleepers to wake. */
export function toCount(count: unknown): number {
  return count === undefined ? Infinity : Math.max(0, Math.trunc(Number(count)) || 0);
}
