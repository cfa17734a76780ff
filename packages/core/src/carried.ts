/**
 * Objects that only the library which they are from can send: they are neither data nor in shared memory.
 *
 * @module
 */

/** Under this key such an object says why nobody else can, in words that complete "Cannot send it as". */
const CARRIED: symbol = Symbol.for("@interlock/carried");

/** Such an object on its way. */
export interface CarriedParcel {
  /** What its library makes it of again. */
  readonly "@interlock/carried": unknown;
}

/** Why an object cannot be sent by itself; undefined for those that can. */
export function carriedAs(object: object): string | undefined {
  return (object as Record<symbol, string | undefined>)[CARRIED];
}
