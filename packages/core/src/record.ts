/**
 * Structs in shared memory: how they are checked, read as live records or plain objects, and written.
 *
 * @module
 */
import type { Access } from "./access.ts";
import type { How } from "./element.ts";
import type { Layout } from "./struct.ts";

/** An own property of every record; no field may have the name. */
export const MARK = "@interlock/live";

// Structured clone trips over a function: without it, a posted record would arrive as an empty object.
const refuse = (): string => "This is a live record in shared memory: post what its toJSON() returns";

/** What each field is read from. */
type Columns = readonly unknown[];

type Plain = Record<string, unknown>;

/** Makes records of one layout. */
type RecordClass = new (columns: Columns, at: number) => LiveRecord;

class LiveRecord {
  readonly [MARK]: () => string = refuse;
  readonly #columns: Columns;
  readonly #at: number;
  readonly #access: Access;

  constructor(columns: Columns, at: number, access: Access) {
    this.#columns = columns;
    this.#at = at;
    this.#access = access;
  }

  /** The fields as a plain object. */
  toJSON(): unknown {
    return this.#access.copy(this.#columns, this.#at);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): unknown {
    return this.#access.copy(this.#columns, this.#at);
  }

  static is(value: object): value is LiveRecord {
    return #columns in value;
  }

  /** A class whose prototype has the accessors of a layout: records themselves carry nothing but where they lie. */
  static of(layout: Layout, how: How, own: Access): RecordClass {
    class Record extends LiveRecord {
      constructor(columns: Columns, at: number) {
        super(columns, at, own);
      }
    }
    for (const [i, { name, type, offset }] of layout.members.entries()) {
      const { shift, [how]: access } = type;
      const action = `set '${name}'`;
      Object.defineProperty(Record.prototype, name, {
        enumerable: true,
        get(this: LiveRecord): unknown {
          return access.get(this.#columns[i], (this.#at + offset) >>> shift);
        },
        set(this: LiveRecord, value: unknown): void {
          access.set(this.#columns[i], (this.#at + offset) >>> shift, type.check(value, action));
        },
      });
    }
    return Record;
  }
}

/** How structs of a layout are read and written, field by field. Their index is their byte offset. */
export function structAccess(layout: Layout, how: How): Access {
  const { members } = layout;
  const access: Access = {
    over: (views) => members.map(({ type }) => type[how].over(views)),
    get: (columns: Columns, at) => new Record(columns, at),
    copy(columns: Columns, at) {
      const copy: Plain = {};
      for (const [i, { name, type, offset }] of members.entries()) copy[name] = type[how].copy(columns[i], (at + offset) >>> type.shift);
      return copy;
    },
    set(columns: Columns, at, value: Plain) {
      for (const [i, { name, type, offset }] of members.entries()) type[how].set(columns[i], (at + offset) >>> type.shift, value[name]);
    },
  };
  const Record = LiveRecord.of(layout, how, access);
  return access;
}

/** A plain copy of what a struct is to hold, so that what was checked is what is written, whatever its getters do. */
export function checkStruct({ members }: Layout, value: unknown, action: string, path = ""): object {
  const prefix = path === "" ? "" : `${path}.`;
  const expected = (): string => `${path === "" ? "a struct" : `field '${path}'`} takes an object with ${members.map(({ name }) => name).join(", ")}`;
  if (typeof value !== "object" || value === null) throw new TypeError(`Cannot ${action} as ${expected()}: received ${value === null ? "null" : typeof value}`);
  const copy: Plain = {};
  for (const { name, type } of members) {
    const item = (value as Plain)[name];
    if (item === undefined) throw new TypeError(`Cannot ${action} as ${expected()}: received none with '${prefix}${name}'`);
    copy[name] = type.check(item, action, prefix + name);
  }
  const stranger = LiveRecord.is(value) ? undefined : Object.keys(value).find((key) => !Object.hasOwn(copy, key));
  if (stranger !== undefined) throw new TypeError(`Cannot ${action} as ${expected()} only: received one with '${prefix}${stranger}'`);
  return copy;
}

/** Whether a value is a live record, of any layout. */
export function isLive(value: object): boolean {
  return LiveRecord.is(value);
}

/** A plain copy of a live record, also of one with a field `toJSON`. */
export function copyLive(record: object): unknown {
  return LiveRecord.prototype.toJSON.call(record as LiveRecord);
}
