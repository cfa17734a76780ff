/**
 * The host's own ways from texts to bytes and back, which take a fraction of the time of a loop where a text is long.
 *
 * @module
 */

interface TextWriter {
  encodeInto(text: string, bytes: Uint8Array): { readonly read: number; readonly written: number };
}

interface Host {
  /** Everywhere but in worklets. */
  readonly TextEncoder?: new () => TextWriter;
  readonly Buffer?: { readonly prototype: { readonly latin1Slice?: (this: Uint8Array, start: number, end: number) => string } };
}

const host = globalThis as unknown as Host;

let encoder: TextWriter | undefined;

/** Writes a text at once if it is of ASCII only; else returns false, and may have left anything in all of `bytes`, which has one for each unit. */
export function writeAscii(text: string, bytes: Uint8Array): boolean {
  if (host.TextEncoder === undefined) return false;
  encoder ??= new host.TextEncoder();
  const { read, written } = encoder.encodeInto(text, bytes);
  // Any other unit takes more than a byte.
  return read === text.length && written === read;
}

/** Makes a text of bytes that are a unit each; pages have nothing of the kind: what they call Latin-1 is not. */
export const sliceLatin1: ((this: Uint8Array, start: number, end: number) => string) | undefined = host.Buffer?.prototype.latin1Slice;
