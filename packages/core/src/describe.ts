/**
 * What was received, in errors.
 *
 * @module
 */

/** A primitive as it is, and of an object that it is one. */
export function describe(value: unknown): string {
  return typeof value === "object" && value !== null ? "object" : String(value);
}
