/**
 * Encoding and decoding in memory that is used again and again.
 *
 * @module
 */
import { Decoder } from "./decoder.ts";
import { Encoder, type Scratch } from "./encoder.ts";
import type { CodecOptions } from "./options.ts";

export type { Scratch };

// User code, such as a getter or `hydrate`, may call the codec while it runs. Then this is absent, and another is made.
let decoder: Decoder | undefined;

/** Encoders that nobody uses. Several are in use while items wait for room, or while a getter encodes. */
const spare: Encoder[] = [];
const MOST_SPARE = 4;

/**
 * Encodes into memory that is the caller's until it calls {@linkcode recycle}.
 *
 * @throws As `encode`.
 */
export function encodeScratch(value: unknown, options: CodecOptions): Scratch {
  const mine = spare.pop() ?? new Encoder();
  try {
    mine.encode(value, options);
  } catch (error) {
    recycle(mine);
    throw error;
  }
  return mine;
}

/** Gives the memory back. */
export function recycle(scratch: Scratch): void {
  if (spare.length < MOST_SPARE) spare.push(scratch as Encoder);
}

/**
 * Decodes the first `length` bytes, which must not be shared. Keeps no reference to them.
 *
 * @throws As `decode`.
 */
export function decodeFrom(bytes: Uint8Array, length: number, options: CodecOptions): unknown {
  const mine = decoder ?? new Decoder();
  decoder = undefined;
  try {
    return mine.decode(bytes, length, options);
  } finally {
    decoder = mine;
  }
}
