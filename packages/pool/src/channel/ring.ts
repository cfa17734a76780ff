/**
 * A ring of records between two threads: one writes, the other reads, neither ever waits for the other.
 *
 * | word | written by | means |
 * |---|---|---|
 * | TAIL | writer | where the next record will begin; all before it is complete |
 * | HEAD | reader | where the next record to read begins; the writer may use all before it |
 *
 * Both count bytes, modulo 2^32, and never pass each other by more than the capacity. A record lies in one piece; where
 * the rest of the ring is too short for it, a SKIP fills that rest. The classic bounded single-producer single-consumer
 * queue of Lamport, 1977, with records in place of cells.
 *
 * A writer that dies leaves at worst a record that TAIL does not cover: it was never sent.
 *
 * @module
 */

const TAIL = 0;
/** Far enough from TAIL for the two threads not to share a cache line. */
const HEAD = 16;
const HEADER_BYTES = 128;

/** Every record starts with its size in bytes. Then comes its form. */
export const FORM = 1;

/** The form of what is to be passed over. */
const SKIP = 0;

/** Records begin where a double may lie. */
const ALIGN = 8;

/** Where a ring lies in a buffer. */
export interface RingPlace {
  readonly buffer: SharedArrayBuffer;
  readonly offset: number;
  /** Bytes for records, a power of two. */
  readonly capacity: number;
}

/** How many bytes a ring of this capacity takes. */
export function ringBytes(capacity: number): number {
  return HEADER_BYTES + capacity;
}

/** What the two ends have in common. */
class RingEnd {
  /** All of the buffer, for those who fill records or look into them. */
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  readonly capacity: number;
  protected readonly control: Int32Array;
  protected readonly data: number;

  constructor({ buffer, offset, capacity }: RingPlace) {
    this.words = new Int32Array(buffer);
    this.doubles = new Float64Array(buffer);
    this.control = new Int32Array(buffer, offset, HEADER_BYTES / 4);
    this.data = offset + HEADER_BYTES;
    this.capacity = capacity;
  }

  /** How far from the ring's beginning a position is. */
  protected offsetOf(position: number): number {
    return position & (this.capacity - 1);
  }

  protected wordAt(position: number): number {
    return (this.data + this.offsetOf(position)) >> 2;
  }
}

/** The end that writes. */
export class RingWriter extends RingEnd {
  #tail: number;
  /** At least so far the reader has come. */
  #head: number;
  /** Where TAIL goes with the reserved record. */
  #next: number;

  constructor(place: RingPlace) {
    super(place);
    this.#tail = this.control[TAIL] as number;
    this.#next = this.#tail;
    this.#head = (this.#tail - this.capacity) | 0;
  }

  /**
   * Makes room for a record and writes its size.
   *
   * @param bytes Its size, all included.
   * @returns The index of its first word; -1 if there is no room now.
   */
  reserve(bytes: number): number {
    const size = (bytes + ALIGN - 1) & -ALIGN;
    const toEnd = this.capacity - this.offsetOf(this.#tail);
    const skipped = size <= toEnd ? 0 : toEnd;
    if (!this.#fits(skipped + size)) return -1;
    if (skipped > 0) {
      const at = this.wordAt(this.#tail);
      this.words[at] = skipped;
      this.words[at + FORM] = SKIP;
    }
    const at = this.wordAt(this.#tail + skipped);
    this.words[at] = size;
    this.#next = (this.#tail + skipped + size) | 0;
    return at;
  }

  /** Hands the reserved record to the reader. */
  commit(): void {
    this.#tail = this.#next;
    Atomics.store(this.control, TAIL, this.#tail);
  }

  #fits(bytes: number): boolean {
    if (bytes <= this.#room) return true;
    this.#head = Atomics.load(this.control, HEAD);
    return bytes <= this.#room;
  }

  /** How many bytes are free at least. */
  get #room(): number {
    return this.capacity - ((this.#tail - this.#head) | 0);
  }
}

/** The end that reads. */
export class RingReader extends RingEnd {
  #head: number;
  /** At least so far the writer has come. */
  #tail: number;

  constructor(place: RingPlace) {
    super(place);
    this.#head = this.control[HEAD] as number;
    this.#tail = this.#head;
  }

  /** Whether no record is there. */
  get empty(): boolean {
    return this.#head === this.#tail && Atomics.load(this.control, TAIL) === this.#head;
  }

  /** The index of the first word of the next record, which stays until `release`; -1 if there is none. */
  peek(): number {
    for (;;) {
      if (this.#head === this.#tail) {
        this.#tail = Atomics.load(this.control, TAIL);
        if (this.#head === this.#tail) return -1;
      }
      const at = this.wordAt(this.#head);
      if (this.words[at + FORM] !== SKIP) return at;
      this.release();
    }
  }

  /** Gives the room of the next record back. */
  release(): void {
    this.#head = (this.#head + (this.words[this.wordAt(this.#head)] as number)) | 0;
    Atomics.store(this.control, HEAD, this.#head);
  }
}
