/**
 * Items of a `ShareableList`, as bytes: formats of Python's `struct`, and a code for what they are made of.
 *
 * @module
 */

/** What a list holds. A bigint or a whole number becomes Python's int, any other number a float. */
export type ShareableItem = number | bigint | boolean | string | Uint8Array | null;

/** What an item is made of. */
export const AS_IT_IS = 0;
export const TEXT = 1;
export const BYTES = 2;
export const NONE = 3;

/** How it is read. */
export const INT = "q";
export const FLOAT = "d";
export const BOOL = "xxxxxxx?";
const NOTHING = "xxxxxx?x";
/** Slots, formats and numbers are multiples of so many bytes. */
export const UNIT = 8;
/** The largest number of bytes whose format fits in its slot. */
const MOST_ROOM = 9_999_992;

export const decoder: TextDecoder = new TextDecoder("utf-8", { fatal: true });
export const encoder: TextEncoder = new TextEncoder();

/** An item as it lies in its slot. */
export interface Written {
  readonly format: string;
  readonly code: number;
  readonly bytes: Uint8Array;
  /** How many bytes of the slot it takes. */
  readonly room: number;
}

/** An item as bytes. */
export function write(item: ShareableItem, action: string): Written {
  if (item === null) return { format: NOTHING, code: NONE, bytes: new Uint8Array(UNIT), room: UNIT };
  if (typeof item === "boolean") return { format: BOOL, code: AS_IT_IS, bytes: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, item ? 1 : 0), room: UNIT };
  if (typeof item === "bigint" || Number.isSafeInteger(item)) return int(BigInt(item as bigint | number), action);
  if (typeof item === "number") {
    const bytes = new Uint8Array(UNIT);
    new DataView(bytes.buffer).setFloat64(0, item, true);
    return { format: FLOAT, code: AS_IT_IS, bytes, room: UNIT };
  }
  const isText = typeof item === "string";
  if (!isText && !(item instanceof Uint8Array)) {
    throw new TypeError(`Cannot ${action} must be a number, bigint, boolean, string, Uint8Array or null: received ${typeof item}`);
  }
  const bytes = isText ? encoder.encode(item) : item;
  if (bytes.at(-1) === 0) throw new TypeError(`Cannot ${action} ends in a zero, which Python cuts off: received ${bytes.length} bytes`);
  // There is always a byte to spare, as Python has it.
  const room = UNIT * (Math.floor(bytes.length / UNIT) + 1);
  const format = `${room}s`;
  // Formats have slots of that size, too, which would cut it off.
  if (format.length > UNIT) throw new RangeError(`Cannot ${action} must have fewer than ${MOST_ROOM} bytes: received ${bytes.length}`);
  return { format, code: isText ? TEXT : BYTES, bytes, room };
}

function int(value: bigint, action: string): Written {
  if (BigInt.asIntN(64, value) !== value) throw new RangeError(`Cannot ${action} must fit in 64 bits: received ${value}`);
  const bytes = new Uint8Array(UNIT);
  new DataView(bytes.buffer).setBigInt64(0, value, true);
  return { format: INT, code: AS_IT_IS, bytes, room: UNIT };
}

export function shorten(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function isInt(item: ShareableItem): boolean {
  return typeof item === "number" || typeof item === "bigint";
}

export function isSame(one: ShareableItem, other: ShareableItem): boolean {
  if (one instanceof Uint8Array && other instanceof Uint8Array) return one.length === other.length && one.every((byte, i) => byte === other[i]);
  // biome-ignore lint/suspicious/noDoubleEquals: 1 and 1n are one int
  return (typeof one === typeof other || (isInt(one) && isInt(other))) && one == other;
}
