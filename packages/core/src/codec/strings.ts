/**
 * Strings of units.
 *
 * @module
 */
import { sliceLatin1 } from "../sys/host-texts.ts";

/** So few units are put together by fours, which no array must hold. */
const FEW = 12;
/** More than so many the host puts together faster, where it can: on Bun twice as fast already, on Deno a little slower. */
const SOME = 16;
/** Arrays of each length up to here are reused. */
const POOLED = 64;
/** More units are put together piece by piece: engines limit how many arguments a call takes. */
const PIECE = 1024;

const pool: readonly number[][] = Array.from({ length: POOLED + 1 }, (_, length) => new Array<number>(length).fill(0));

/** An array of that length, to be filled and made a string at once. */
function unitsFor(count: number): number[] {
  return pool[count] ?? new Array<number>(count).fill(0);
}

/** Writes a string whose units take one byte each; returns false if one does not, and has written those before it. */
export function writeLatin1(text: string, bytes: Uint8Array, at: number): boolean {
  const count = text.length;
  for (let i = 0; i < count; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0xff) return false;
    bytes[at + i] = unit;
  }
  return true;
}

/** The string of so many units of one byte. */
export function latin1(bytes: Uint8Array, at: number, count: number): string {
  if (count <= FEW) return few(bytes, at, at + count);
  if (sliceLatin1 !== undefined && count > SOME) return sliceLatin1.call(bytes, at, at + count);
  if (count > PIECE) return pieces(bytes, at, count, 1, latin1);
  const units = unitsFor(count);
  for (let i = 0; i < count; i++) units[i] = bytes[at + i] as number;
  return String.fromCharCode.apply(null, units);
}

/** The string of so many units of two bytes. */
export function utf16(bytes: Uint8Array, at: number, count: number): string {
  if (count > PIECE) return pieces(bytes, at, count, 2, utf16);
  const units = unitsFor(count);
  for (let i = 0; i < count; i++) units[i] = (bytes[at + 2 * i] as number) | ((bytes[at + 2 * i + 1] as number) << 8);
  return String.fromCharCode.apply(null, units);
}

function few(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  let at = start;
  for (; at + 4 <= end; at += 4) {
    text += String.fromCharCode(bytes[at] as number, bytes[at + 1] as number, bytes[at + 2] as number, bytes[at + 3] as number);
  }
  for (; at < end; at++) text += String.fromCharCode(bytes[at] as number);
  return text;
}

function pieces(bytes: Uint8Array, at: number, count: number, width: number, read: typeof latin1): string {
  let text = "";
  for (let i = 0; i < count; i += PIECE) text += read(bytes, at + width * i, Math.min(PIECE, count - i));
  return text;
}
