/**
 * A ring of records in shared memory, for many producers and many consumers.
 *
 * Three lines of words, then the ring.
 *
 * | line, word | name     | meaning                                                                             |
 * | ---------- | -------- | ----------------------------------------------------------------------------------- |
 * | 0, 0       | CAPACITY | bytes of the ring, a power of two; fixed                                            |
 * | 0, 1       | MAX      | how many records there may be; fixed                                                |
 * | 0, 2       | CLOSED   | 1 once nothing more is put; changed under the producers' lock                       |
 * | 0, 3 to 5  | ITEMS    | where consumers wait for a record; see `wait-point`                                 |
 * | 0, 6 to 8  | SPACE    | where producers wait for room                                                       |
 * | 0, 9 to 11 | FINISHED | where those wait who want everything done                                           |
 * | 1, 0 to 7  |          | the producers' lock; see `mutex-word`                                               |
 * | 1, 8       | PUTS     | how many records were ever put; writing it publishes one                            |
 * | 1, 9 to 10 | TAILS    | where the ring ends, in the word of the parity of PUTS                              |
 * | 1, 11, 12  | SEEN     | GETS and its head as the producers saw them last                                    |
 * | 2, 0 to 7  |          | the consumers' lock                                                                 |
 * | 2, 8       | GETS     | how many records were ever taken; writing it gives up the room of one               |
 * | 2, 9 to 10 | HEADS    | where the ring begins, in the word of the parity of GETS                            |
 * | 2, 11, 12  | SEEN     | PUTS and its tail as the consumers saw them last                                    |
 * | 2, 13      | DONES    | how many records are done with                                                      |
 *
 * A record is its length in bytes and then these, in words of four; counts and positions run on modulo 2 ** 32. Whoever
 * holds a lock prepares the other word of the pair, and then raises the count: one store that is done or not. So a thread
 * that dies in the middle leaves a whole ring behind, less its own record if that was not published yet, and its lock
 * goes to the next in line.
 *
 * Each side looks at the other's words only when what it saw last is not enough: most of the time, neither waits for the
 * other's cache line.
 *
 * @module
 */
import { LINE, type Place, wordsOf } from "../memory.ts";
import type { Agent } from "../roster.ts";
import { Mutex } from "./mutex.ts";
import { initMutex } from "./mutex-word.ts";
import { WaitPoint } from "./wait-point.ts";

const CAPACITY = 0;
const MAX = 1;
const CLOSED = 2;
const ITEMS = 3;
const SPACE = 6;
const FINISHED = 9;
const PRODUCERS: number = LINE >>> 2;
const CONSUMERS: number = PRODUCERS * 2;
/** Words of a side's line, after its lock. */
const COUNT = 8;
const POSITIONS = 9;
const SEEN_COUNT = 11;
const SEEN_POSITION = 12;
const DONES: number = CONSUMERS + 13;

/** The bytes before the ring. */
export const HEADER_BYTES: number = LINE * 3;

/** The bytes of the smallest and the largest ring. */
export const LEAST_CAPACITY: number = LINE;
export const MOST_CAPACITY: number = 2 ** 30;

/** The most records at a time. */
export const MOST_RECORDS: number = 2 ** 31 - 1;

/** Up to here, a loop over the words is as fast as the engine's copy: on JavaScriptCore; on V8 it is for much longer. */
const SHORT_WORDS = 256;

/** What is put and taken: so many bytes, in whole words. */
export interface Record {
  readonly bytes: Uint8Array;
  /** Over the same memory. */
  readonly words: Int32Array;
  /** How many bytes count. */
  length: number;
}

/** A larger buffer is given back once a smaller record comes. */
const KEPT_WORDS = 1 << 18;

function recordOf(words: number): Record {
  const memory = new ArrayBuffer(words * 4);
  return { bytes: new Uint8Array(memory), words: new Int32Array(memory), length: 0 };
}

/** What a put comes to. */
export type PutOutcome = "put" | "full" | "closed";

/** Sets up the words of a ring; `at` is the first. */
export function initRing(words: Int32Array, at: number, capacity: number, max: number): void {
  words[at + CAPACITY] = capacity;
  words[at + MAX] = max;
  initMutex(words, at + PRODUCERS, "release");
  initMutex(words, at + CONSUMERS, "release");
}

/** Whether a header may be one of a ring that has `bytes` bytes at most. */
export function isRing(words: Int32Array, at: number, bytes: number): boolean {
  const capacity = words[at + CAPACITY] as number;
  const max = words[at + MAX] as number;
  return capacity >= LEAST_CAPACITY && (capacity & (capacity - 1)) === 0 && HEADER_BYTES + capacity <= bytes && max > 0;
}

/** The algorithm on the words. */
export class Ring {
  /** Where consumers wait, and producers, and those who want everything done. */
  readonly items: WaitPoint;
  readonly space: WaitPoint;
  readonly finished: WaitPoint;
  readonly capacity: number;
  readonly max: number;
  readonly #words: Int32Array;
  readonly #ring: Int32Array;
  readonly #at: number;
  readonly #mask: number;
  readonly #producers: Mutex;
  readonly #consumers: Mutex;
  readonly #kind: string;
  readonly #agent: Agent;
  /** What was taken last. */
  #taken: Record = recordOf(SHORT_WORDS);

  constructor({ memory, offset }: Place, kind: string) {
    const words = wordsOf(memory);
    const at = offset >>> 2;
    this.#words = words;
    this.#at = at;
    // Read once, and checked by whoever opened the place: no later change can lead out of the ring.
    this.capacity = words[at + CAPACITY] as number;
    this.max = words[at + MAX] as number;
    this.#mask = (this.capacity >>> 2) - 1;
    this.#ring = words.subarray(at + (HEADER_BYTES >>> 2), (offset + HEADER_BYTES + this.capacity) >>> 2);
    this.#producers = new Mutex({ memory, offset: offset + LINE }, kind);
    this.#consumers = new Mutex({ memory, offset: offset + LINE * 2 }, kind);
    this.items = new WaitPoint(memory, at + ITEMS);
    this.space = new WaitPoint(memory, at + SPACE);
    this.finished = new WaitPoint(memory, at + FINISHED);
    this.#kind = kind;
    this.#agent = memory.agent;
  }

  /** The bytes of the longest record. */
  get longest(): number {
    return this.capacity - 4;
  }

  get closed(): boolean {
    return Atomics.load(this.#words, this.#at + CLOSED) !== 0;
  }

  /** How many records there are. */
  get size(): number {
    return this.#putsBeyond(this.#at + CONSUMERS + COUNT);
  }

  /** Whether a record of one word has no place. */
  get full(): boolean {
    for (;;) {
      const head = this.#read(CONSUMERS);
      const gets = this.#count;
      const tail = this.#read(PRODUCERS);
      // As in `#putsBeyond`.
      if (Atomics.load(this.#words, this.#at + CONSUMERS + COUNT) === gets) return ((this.#count - gets) | 0) >= this.max || ((tail - head) | 0) >= this.#mask;
    }
  }

  /** Puts a record, and wakes a consumer. */
  put(record: Record): PutOutcome {
    const words = this.#words;
    const at = this.#at + PRODUCERS;
    this.#enter(this.#producers);
    try {
      if (this.closed) return "closed";
      const puts = words[at + COUNT] as number;
      const tail = words[at + POSITIONS + (puts & 1)] as number;
      const end = (tail + 1 + ((record.length + 3) >>> 2)) | 0;
      if (!this.#fits(puts, end)) {
        words[at + SEEN_POSITION] = this.#read(CONSUMERS);
        words[at + SEEN_COUNT] = this.#count;
        if (!this.#fits(puts, end)) return "full";
      }
      this.#write(tail, record);
      words[at + POSITIONS + ((puts + 1) & 1)] = end;
      Atomics.store(words, at + COUNT, (puts + 1) | 0);
    } finally {
      this.#producers.unlock();
    }
    this.items.wake(1);
    return "put";
  }

  /**
   * Takes a record, and wakes the producers: who of them finds room depends on the length of what it wants to put.
   *
   * @returns Its words, valid until the next call, and its length; undefined if there is none.
   */
  take(): Record | undefined {
    const words = this.#words;
    const at = this.#at + CONSUMERS;
    this.#enter(this.#consumers);
    try {
      const gets = words[at + COUNT] as number;
      if (words[at + SEEN_COUNT] === gets) {
        words[at + SEEN_POSITION] = this.#read(PRODUCERS);
        words[at + SEEN_COUNT] = this.#count;
        if (words[at + SEEN_COUNT] === gets) return undefined;
      }
      const head = words[at + POSITIONS + (gets & 1)] as number;
      const count = this.#copy(head, ((words[at + SEEN_POSITION] as number) - head) | 0);
      words[at + POSITIONS + ((gets + 1) & 1)] = (head + 1 + count) | 0;
      Atomics.store(words, at + COUNT, (gets + 1) | 0);
    } finally {
      this.#consumers.unlock();
    }
    this.space.wake(Infinity);
    return this.#taken;
  }

  /** Lets nothing more be put, and wakes everybody who waits. */
  close(): void {
    this.#enter(this.#producers);
    Atomics.store(this.#words, this.#at + CLOSED, 1);
    this.#producers.unlock();
    this.items.wake(Infinity);
    this.space.wake(Infinity);
  }

  /** How many records are not done with. */
  get unfinished(): number {
    return this.#putsBeyond(this.#at + DONES);
  }

  /** Counts a record as done with. Returns false if all are. */
  finish(): boolean {
    for (;;) {
      const dones = Atomics.load(this.#words, this.#at + DONES);
      const puts = Atomics.load(this.#words, this.#at + PRODUCERS + COUNT);
      if (puts === dones) return false;
      const more = (dones + 1) | 0;
      if (Atomics.compareExchange(this.#words, this.#at + DONES, dones, more) !== dones) continue;
      if (puts === more) this.finished.wake(Infinity);
      return true;
    }
  }

  /** By how much the count of puts is ahead of another. */
  #putsBeyond(index: number): number {
    for (;;) {
      const count = Atomics.load(this.#words, index);
      const puts = Atomics.load(this.#words, this.#at + PRODUCERS + COUNT);
      // Unless the other moved, both are of one moment. Else there might seem to be more between them than ever were.
      if (Atomics.load(this.#words, index) === count) return (puts - count) | 0;
    }
  }

  /** Of what `#read` has read, the count. */
  #count = 0;

  /** The position of a side, and in `#count` its count of the same moment. Needs no lock. */
  #read(side: number): number {
    const at = this.#at + side;
    for (;;) {
      this.#count = Atomics.load(this.#words, at + COUNT);
      const position = Atomics.load(this.#words, at + POSITIONS + (this.#count & 1));
      // The word of this parity is written anew only after the count has changed.
      if (Atomics.load(this.#words, at + COUNT) === this.#count) return position;
    }
  }

  /** Whether a record may end at `end`, as the producers know. */
  #fits(puts: number, end: number): boolean {
    const at = this.#at + PRODUCERS;
    const used = (end - (this.#words[at + SEEN_POSITION] as number)) | 0;
    return used <= this.#mask + 1 && ((puts - (this.#words[at + SEEN_COUNT] as number)) | 0) < this.max;
  }

  #write(tail: number, { words, length }: Record): void {
    const mask = this.#mask;
    const ring = this.#ring;
    const count = (length + 3) >>> 2;
    ring[tail & mask] = length;
    const start = (tail + 1) & mask;
    if (count <= SHORT_WORDS) {
      for (let i = 0; i < count; i++) ring[(start + i) & mask] = words[i] as number;
    } else {
      const first = Math.min(count, mask + 1 - start);
      ring.set(words.subarray(0, first), start);
      ring.set(words.subarray(first, count), 0);
    }
  }

  /** Copies the record at `head`, which has `used` words at most, and returns how many its bytes take. */
  #copy(head: number, used: number): number {
    const mask = this.#mask;
    const ring = this.#ring;
    const length = ring[head & mask] as number;
    const count = (length + 3) >>> 2;
    if (length < 0 || count >= used || used > mask + 1) {
      throw new TypeError(`Cannot get from ${this.#kind} as its memory is damaged: a record claims ${length} bytes of ${used * 4}`);
    }
    const room = this.#taken.words.length;
    if (room < count) this.#taken = recordOf(Math.max(count, Math.min(2 * room, KEPT_WORDS)));
    else if (room > KEPT_WORDS && count <= KEPT_WORDS) this.#taken = recordOf(count);
    this.#taken.length = length;
    const { words } = this.#taken;
    const start = (head + 1) & mask;
    if (count <= SHORT_WORDS) {
      for (let i = 0; i < count; i++) words[i] = ring[(start + i) & mask] as number;
    } else {
      const first = Math.min(count, mask + 1 - start);
      words.set(ring.subarray(start, start + first));
      words.set(ring.subarray(0, count - first), first);
    }
    return count;
  }

  /** Takes a lock that is held for moments only: a thread that may not block can spin. */
  #enter(mutex: Mutex): void {
    if (mutex.tryFree()) return;
    try {
      mutex.lock(Infinity);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#spin(mutex);
    }
  }

  /** Each try notices a dead owner; after each slice, what is due in this thread may tell of one. */
  #spin(mutex: Mutex): void {
    let slice = this.#agent.now() + this.#agent.sliceMs;
    while (!mutex.tryLock()) {
      if (this.#agent.now() < slice) continue;
      this.#agent.checkpoint();
      slice = this.#agent.now() + this.#agent.sliceMs;
    }
  }
}
