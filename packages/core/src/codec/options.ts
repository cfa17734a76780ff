/**
 * What encoding and decoding take.
 *
 * @module
 */
import type { Shareable } from "../handle.ts";

/** How to name a value in errors, and what to do with core objects in it. */
export interface CodecOptions {
  /** What to call the value in errors; `"value"` if absent. */
  readonly name?: string;
  /** What is being done, in errors: `"encode"` or `"decode"` if absent. */
  readonly action?: string;
  /** How many bytes to leave free in front of the encoded ones; none if absent. */
  readonly headroom?: number;
  /** Whether nothing else uses the bytes to decode, nor will before they are decoded; false if absent. */
  readonly owned?: boolean;
  /**
   * Writes a core object as plain data that the codec can carry. If absent, core objects are refused.
   *
   * @throws {TypeError} If it cannot travel.
   */
  readonly dehydrate?: (object: Shareable, path: string) => unknown;
  /** Makes a core object of what `dehydrate` wrote. */
  readonly hydrate?: (data: unknown) => unknown;
}
