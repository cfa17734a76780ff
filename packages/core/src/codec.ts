/**
 * Values as bytes: what a Queue puts into shared memory.
 *
 * @module
 */
import { tagOf } from "./codec/kinds.ts";
import type { CodecOptions } from "./codec/options.ts";
import { decodeFrom, encodeScratch, recycle } from "./codec/scratch.ts";

export type { CodecOptions };

const COPIED_BYTES = 1 << 16;

const DEFAULTS: CodecOptions = {};

/**
 * The bytes of a value.
 *
 * Carries what structured clone carries, and keeps shared references and cycles: undefined, null, booleans, numbers,
 * bigints, strings, arrays with their holes, objects, Map, Set, Date, RegExp, errors, ArrayBuffer and its views. Instances
 * of classes arrive as plain objects of their own enumerable fields; symbol keys, getters as such, and what an array has
 * besides its items are left behind. A view carries its own bytes, not the rest of its buffer, and two views of one buffer
 * arrive with a buffer each. Errors keep class, name, message, stack, cause and fields; a class that is not built in
 * arrives as the nearest that is, with its name.
 *
 * Unlike structured clone it refuses boxed primitives, and nesting deeper than 500. The bytes are for threads and
 * processes of one machine and version, not for files.
 *
 * @param value What to encode.
 * @param options How errors name the value, and what becomes of core objects, which are refused otherwise.
 * @returns Bytes that nothing else uses.
 * @throws {TypeError} If a part cannot be carried, such as a function, a symbol, a Promise or a SharedArrayBuffer; names
 * its path.
 * @throws Whatever a getter in the value throws.
 *
 * @example
 * ```ts
 * import { codec } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const job: { id: number; sizes: Map<string, bigint>; self?: unknown } = { id: 7, sizes: new Map([["x", 2n ** 70n]]) };
 * job.self = job;
 * const copy = codec.decode(codec.encode(job)) as typeof job;
 * assert.equal(copy.self, copy);
 * assert.equal(copy.sizes.get("x"), 2n ** 70n);
 * assert.throws(() => codec.encode({ steps: [() => 1] }), /Cannot encode value\.steps\[0\] as it is a function/);
 * ```
 */
export function encode(value: unknown, options: CodecOptions = DEFAULTS): Uint8Array {
  const scratch = encodeScratch(value, options);
  // Large ones are given away with the memory that they were written to.
  if (scratch.length > COPIED_BYTES) return scratch.bytes.subarray(0, scratch.length);
  const bytes = scratch.bytes.slice(0, scratch.length);
  recycle(scratch);
  return bytes;
}

/**
 * The value of bytes that {@linkcode encode} wrote.
 *
 * Safe for bytes from anywhere: they end in some value or an error, and in time and memory that their number bounds.
 *
 * @param bytes All of the bytes, and no others. They are not kept, and copied unless `options.owned` says that nothing else uses them.
 * @param options How errors name the value, and how core objects are made.
 * @throws {TypeError} If the bytes are damaged, or need a class that this engine lacks.
 * @throws As `hydrate` does.
 *
 * @example
 * ```ts
 * import { codec } from "@interlock/core";
 * import assert from "node:assert/strict";
 *
 * const bytes = codec.encode(["a", , -0]);
 * assert.deepEqual(codec.decode(bytes), ["a", , -0]);
 * assert.throws(() => codec.decode(bytes.subarray(1)), /Cannot decode value as its bytes are damaged/);
 * ```
 */
export function decode(bytes: Uint8Array, options: CodecOptions = DEFAULTS): unknown {
  if (!(bytes instanceof Uint8Array)) throw new TypeError(`Cannot decode as 'bytes' must be a Uint8Array: received ${tagOf(Object(bytes))}`);
  // A copy: shared bytes might change meanwhile, and a subclass such as Node's Buffer has methods of its own.
  return decodeFrom(options.owned && bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes), bytes.length, options);
}
