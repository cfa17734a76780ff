/**
 * The keys of records: the last ones of each length in a value, which OBJECT_AGAIN repeats, and those that were read often.
 *
 * @module
 */
import { AGAIN_MAX } from "./format.ts";

const NONE: readonly string[] = [];

/** The keys of the last record of each length, up to AGAIN_MAX. */
export class LastShapes {
  readonly #shapes: (readonly string[])[] = new Array<readonly string[]>(AGAIN_MAX + 1).fill(NONE);
  /** A bit for each length that is there. */
  #present = 0;

  get(length: number): readonly string[] | undefined {
    return length <= AGAIN_MAX && (this.#present & (1 << length)) !== 0 ? this.#shapes[length] : undefined;
  }

  set(keys: readonly string[]): void {
    if (keys.length > AGAIN_MAX) return;
    this.#shapes[keys.length] = keys;
    this.#present |= 1 << keys.length;
  }

  /** Whether these are the keys that `get` returns for their length. */
  has(keys: readonly string[]): boolean {
    const last = this.get(keys.length);
    if (last === undefined) return false;
    for (let i = 0; i < keys.length; i++) if (keys[i] !== last[i]) return false;
    return true;
  }

  /** Forgets all, so that nothing is kept alive. */
  clear(): void {
    for (; this.#present !== 0; this.#present &= this.#present - 1) this.#shapes[31 - Math.clz32(this.#present & -this.#present)] = NONE;
  }
}

/** Keys that were decoded from these bytes. */
interface Known {
  readonly bytes: Uint8Array;
  readonly keys: readonly string[];
}

const SLOTS = 256;
const MAX_BYTES = 256;
const HASHED = 10;

/** The keys of recent records by their bytes: comparing is faster than decoding. A new one takes the place of an old one. */
export class KnownShapes {
  readonly #slots: (Known | undefined)[] = new Array<undefined>(SLOTS).fill(undefined);

  /** The keys that the bytes at `start` say, if known. */
  find(bytes: Uint8Array, start: number, end: number): Known | undefined {
    const known = this.#slots[slotOf(bytes, start)];
    if (known === undefined) return undefined;
    const { length } = known.bytes;
    if (length > end - start) return undefined;
    for (let i = 0; i < length; i++) if (known.bytes[i] !== bytes[start + i]) return undefined;
    return known;
  }

  add(bytes: Uint8Array, start: number, end: number, keys: readonly string[]): void {
    if (end - start > MAX_BYTES) return;
    this.#slots[slotOf(bytes, start)] = { bytes: bytes.slice(start, end), keys: keys.map(intern) };
  }
}

function slotOf(bytes: Uint8Array, start: number): number {
  let hash = 0;
  // What lies beyond the record or the end only spoils the hash.
  for (let i = start; i < start + HASHED; i++) hash = Math.imul(hash, 31) + (bytes[i] ?? 0);
  return (hash ^ (hash >>> 8)) & (SLOTS - 1);
}

/** The engine's own copy of a key, which it finds faster than an equal string. */
function intern(key: string): string {
  return Object.keys({ [key]: 0 })[0] as string;
}
