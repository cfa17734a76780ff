/**
 * Live records: structs in shared memory, seen as objects with their fields.
 *
 * @module
 */
import type { Cells } from "./cells.ts";
import { checked, copyElement, getElement, setElement } from "./element.ts";
import type { Layout } from "./struct.ts";

/** An own property of every record; no field may have the name. */
export const MARK = "@interlock/live";

// Structured clone trips over a function: without it, a posted record would arrive as an empty object.
const refuse = (): string => "This is a live record in shared memory: post what its toJSON() returns";

/** Makes records of one layout. */
export type RecordClass = new (cells: Cells, at: number) => object;

class LiveRecord {
  readonly [MARK]: () => string = refuse;
  readonly #layout: Layout;
  readonly #cells: Cells;
  readonly #at: number;

  constructor(layout: Layout, cells: Cells, at: number) {
    this.#layout = layout;
    this.#cells = cells;
    this.#at = at;
  }

  /** The fields as a plain object. */
  toJSON(): unknown {
    return copyElement(this.#cells, this.#layout, this.#at);
  }

  [Symbol.for("nodejs.util.inspect.custom")](): unknown {
    return copyElement(this.#cells, this.#layout, this.#at);
  }

  static is(value: object): value is LiveRecord {
    return #cells in value;
  }

  /** A class whose prototype has the accessors of a layout: records themselves carry nothing but where they lie. */
  static of(layout: Layout): RecordClass {
    class Record extends LiveRecord {
      constructor(cells: Cells, at: number) {
        super(layout, cells, at);
      }
    }
    for (const { name, type, offset } of layout.members) {
      const action = `set '${name}'`;
      Object.defineProperty(Record.prototype, name, {
        enumerable: true,
        get(this: LiveRecord): unknown {
          return getElement(this.#cells, type, this.#at + offset);
        },
        set(this: LiveRecord, value: unknown): void {
          setElement(this.#cells, type, this.#at + offset, checked(type, value, action));
        },
      });
    }
    return Record;
  }
}

/** A class for the records of a layout. */
export function recordClass(layout: Layout): RecordClass {
  return LiveRecord.of(layout);
}

/** Whether a value is a live record, of any layout. */
export function isLive(value: object): boolean {
  return LiveRecord.is(value);
}

/** A plain copy of a live record, also of one with a field `toJSON`. */
export function copyLive(record: object): unknown {
  return LiveRecord.prototype.toJSON.call(record as LiveRecord);
}
