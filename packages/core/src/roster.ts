/**
 * Who is alive: one life counter for each slot, in memory that all threads of a group share.
 *
 * | word of a slot | meaning                                                              |
 * | -------------- | -------------------------------------------------------------------- |
 * | even           | nobody has the slot                                                  |
 * | odd            | alive: the value is the generation of the thread that has the slot   |
 *
 * Claiming and dying each add one, so a (slot, generation) pair that is dead stays dead until the counter has gone
 * round: 524 288 lives of one slot. A second word for each slot holds the generation that was asked to leave, or 0.
 *
 * @module
 */
import { LAYOUT } from "./sys/layout.ts";

/** Whoever runs this code: its slot and generation in a roster, and a clock. */
export interface Agent {
  readonly slot: number;
  readonly generation: number;
  /** Milliseconds on a monotonic clock. */
  now(): number;
  /** A sleeper calls this after each slice without a wake; it may end the thread. */
  checkpoint(): void;
}

/** Who is alive among the threads that share memory. */
export interface Roster {
  /** Takes a free slot. Throws `RangeError` if all are taken. */
  claim(): { readonly slot: number; readonly generation: number };
  alive(slot: number, generation: number): boolean;
  /** Says once and for all that a thread is gone. Has no effect on a later owner of the slot. */
  markDead(slot: number, generation: number): void;
}

export const SLOT_BITS = 10;
export const GENERATION_BITS = 20;
const SLOTS = 1 << SLOT_BITS;
const GENERATION_MASK = (1 << GENERATION_BITS) - 1;

const MAGIC = 0x17e210c;
const ID = 2;
const CURSOR = 6;
const LIVES = 16;
const LEAVE = LIVES + SLOTS;
const WORDS = LEAVE + SLOTS;

/** The roster of a group of threads, over a `SharedArrayBuffer` of its own. */
export class SharedRoster implements Roster {
  readonly buffer: SharedArrayBuffer;
  /** The same for every view of the same roster; engines give the same memory a new object in each message. */
  readonly id: string;
  readonly #words: Int32Array;

  /** Creates a roster, or opens the one in `buffer`. */
  constructor(buffer?: SharedArrayBuffer) {
    if (buffer === undefined) {
      buffer = new SharedArrayBuffer(WORDS * 4);
      const fresh = new Int32Array(buffer);
      for (let i = 0; i < 4; i++) fresh[ID + i] = (Math.random() * 2 ** 32) | 0;
      fresh[1] = LAYOUT;
      fresh[0] = MAGIC;
    } else if (!(buffer instanceof SharedArrayBuffer) || buffer.byteLength !== WORDS * 4) {
      throw new TypeError(`Cannot open roster as its buffer must be a SharedArrayBuffer of ${WORDS * 4} bytes: received ${describe(buffer)}`);
    }
    this.buffer = buffer;
    this.#words = new Int32Array(buffer);
    const [magic, version] = this.#words;
    if (magic !== MAGIC) throw new TypeError(`Cannot open roster as its header is not one of interlock's: received ${magic}`);
    if (version !== LAYOUT) throw new TypeError(`Cannot open roster as its layout version must be ${LAYOUT}: received ${version}`);
    this.id = this.#words.slice(ID, ID + 4).join(":");
  }

  claim(): { readonly slot: number; readonly generation: number } {
    const words = this.#words;
    // Slots are handed out in turn, which puts off the reuse of any one of them as long as possible.
    const start = Atomics.add(words, CURSOR, 1);
    for (let i = 0; i < SLOTS; i++) {
      const slot = (start + i) & (SLOTS - 1);
      const life = Atomics.load(words, LIVES + slot);
      const generation = (life + 1) & GENERATION_MASK;
      if (life % 2 === 0 && Atomics.compareExchange(words, LIVES + slot, life, generation) === life) return { slot, generation };
    }
    throw new RangeError(`Cannot claim a roster slot as all ${SLOTS} are taken by living threads`);
  }

  alive(slot: number, generation: number): boolean {
    return Atomics.load(this.#words, LIVES + slot) === generation;
  }

  markDead(slot: number, generation: number): void {
    Atomics.compareExchange(this.#words, LIVES + slot, generation, (generation + 1) & GENERATION_MASK);
  }

  /** Asks a thread to leave at its next checkpoint. */
  askToLeave(slot: number, generation: number): void {
    Atomics.store(this.#words, LEAVE + slot, generation);
  }

  /** Whether this thread was asked to leave. */
  askedToLeave(slot: number, generation: number): boolean {
    return Atomics.load(this.#words, LEAVE + slot) === generation;
  }
}

function describe(value: unknown): string {
  return value instanceof SharedArrayBuffer ? `${value.byteLength} bytes` : typeof value;
}
