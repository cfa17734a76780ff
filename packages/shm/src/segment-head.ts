/**
 * What a segment of core's objects begins with.
 *
 * | bytes | mean |
 * |---|---|
 * | 0 to 3 | that it is one of interlock's |
 * | 4 to 7 | the version of this layout |
 * | 8 to 11 | the version of core's layout |
 * | 16 to 23 | its size in bytes, as a double |
 * | from 64 on | its members |
 * | after them | objects |
 *
 * @module
 */
import { LAYOUT } from "@interlock/core/base";
import { MEMBERS_BYTES } from "./members.ts";

const MAGIC = 0x6d687321;
const VERSION = 1;

/** Where a segment's members are. */
export const MEMBERS_AT = 64;

/** Where its objects begin. */
export const OBJECTS_AT: number = MEMBERS_AT + MEMBERS_BYTES;

/** Says what a segment is. */
export function writeHead(buffer: SharedArrayBuffer | ArrayBuffer): void {
  const view = new DataView(buffer);
  view.setInt32(4, VERSION, true);
  view.setInt32(8, LAYOUT, true);
  view.setFloat64(16, buffer.byteLength, true);
  view.setInt32(0, MAGIC, true);
}

/** Refuses what holds something else, names it as `what`. */
export function checkHead(buffer: SharedArrayBuffer | ArrayBuffer, bytes: number, what: string): void {
  const view = new DataView(buffer);
  if (view.getInt32(0, true) !== MAGIC)
    throw new TypeError(`Cannot attach ${what} as it does not hold objects of interlock's: received ${view.getInt32(0, true)}`);
  const [version, layout, size] = [view.getInt32(4, true), view.getInt32(8, true), view.getFloat64(16, true)];
  if (version !== VERSION || layout !== LAYOUT) {
    throw new TypeError(
      `Cannot attach ${what} as its layout versions must be ${VERSION} and ${LAYOUT}: received ${version} and ${layout}; use one version of interlock on both sides`,
    );
  }
  if (size !== bytes || bytes !== buffer.byteLength) throw new TypeError(`Cannot attach ${what} as it was made with ${size} bytes: received ${bytes}`);
}

/** The id of a segment's roster, which is that of the segment. */
export function idOf(buffer: SharedArrayBuffer | ArrayBuffer): string {
  return new Int32Array(buffer, MEMBERS_AT + 8, 4).join(":");
}
