/**
 * The shared buffer and the plain cells, and copies of both.
 *
 * @module
 */

/** The shared memory at one moment. */
export interface Snapshot {
  readonly bytes: Uint8Array;
  cells: readonly number[];
}

export class SharedMemory {
  readonly buffer: SharedArrayBuffer;
  readonly bytes: Uint8Array;
  /** Never changed in place: a snapshot need only keep the reference. */
  cells: readonly number[] = [];

  constructor(bytes: number) {
    this.buffer = new SharedArrayBuffer(bytes);
    this.bytes = new Uint8Array(this.buffer);
  }

  /** Room for a copy, to be filled again and again. */
  blank(): Snapshot {
    return { bytes: new Uint8Array(this.bytes.length), cells: [] };
  }

  save(into: Snapshot): void {
    into.bytes.set(this.bytes);
    into.cells = this.cells;
  }

  restore(from: Snapshot): void {
    this.bytes.set(from.bytes);
    this.cells = from.cells;
  }

  get(cell: number): number {
    return this.cells[cell] ?? 0;
  }

  set(cell: number, value: number): void {
    const cells = this.cells.slice();
    while (cells.length <= cell) cells.push(0);
    cells[cell] = value;
    this.cells = cells;
  }
}
