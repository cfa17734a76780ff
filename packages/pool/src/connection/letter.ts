/**
 * What travels between the two ends of a pipe, and how an end itself travels.
 *
 * @module
 */
import type { Side } from "./words.ts";

/** A value, as structured clone carries it. */
export const VALUE = 0;
/** A value with parcels in place of the objects in it. */
export const PACKED = 1;
/** Bytes. */
export const BYTES = 2;
/** The last message: the end that it comes from was closed. */
export const END = 3;
/** A message that could not be read; the data is the reason. */
export const UNREADABLE = 4;

/**
 * A message. The last two parts are in the data, too: they say what of it must be moved if the message, not read yet, is sent
 * on with the end that it was for.
 */
export type Letter = readonly [kind: number, data?: unknown, cargo?: readonly Parcel[], moved?: readonly unknown[]];

/** An end on its way. It is filled in when the message that it is in is posted. */
export interface Parcel {
  readonly readable: boolean;
  readonly writable: boolean;
  /** To another process: the number of the end on the line. Nothing else is filled in then. */
  pipe?: number | undefined;
  /** If it goes back to the process that has the port: how many messages the other has received. */
  returned?: number | undefined;
  side: Side;
  words: SharedArrayBuffer | undefined;
  /** Absent if nothing passes it any more. */
  port: MessagePort | undefined;
  /** How many messages were taken from it. */
  received: number;
  /** Those of them that nobody has read. */
  inbox: readonly Letter[];
  /** Whether the other end is gone, and all that it sent is in the inbox. */
  ended: boolean;
}

/** An end that is to travel. */
export function emptyParcel(readable: boolean, writable: boolean): Parcel {
  return { readable, writable, side: 0, words: undefined, port: undefined, received: 0, inbox: [], ended: true };
}
