/**
 * Who is alive: one life counter for each slot, in memory that all threads of a group share.
 *
 * | word of a slot | meaning                                                              |
 * | -------------- | -------------------------------------------------------------------- |
 * | even           | nobody has the slot                                                  |
 * | odd            | alive: the value is the generation of the thread that has the slot   |
 *
 * Claiming and dying each add one, so a (slot, generation) pair that is dead stays dead until the counter has gone
 * round: 524 288 lives of one slot. A second word for each slot holds the generation that was asked to leave, or 0; a
 * third who started the thread, as a mutex writes an owner, or 0: a thread does not outlive the one that started it, and
 * only that one sees it end, so they are marked dead together. Names are for people: nothing depends on them.
 *
 * @module
 */
import { isSharedBytes, sharedBytes } from "./shared-bytes.ts";
import { LAYOUT } from "./sys/layout.ts";

/** After so many milliseconds a sleeper looks up whether anybody has died. */
export const SLICE_MS = 50;

/** Whoever runs this code: its slot and generation in a roster, and a clock. */
export interface Agent {
  readonly slot: number;
  readonly generation: number;
  /** Milliseconds on a monotonic clock. */
  now(): number;
  /** After so many milliseconds a sleeper looks up. */
  readonly sliceMs: number;
  /** How often a waiter looks on before it sleeps, if not as often as pays on this machine; see `spin`. */
  readonly looks?: number;
  /**
   * Whether a sleeper whom nobody woke has nothing to do after a slice but to sleep on: nobody has died, or was asked to leave, since
   * it was last told otherwise, and no chore waits for time to pass.
   */
  sleepsOn(): boolean;
  /** Milliseconds to the end of a slice of that length which all threads of this machine have in common; at most one slice. */
  toCommonEnd(slice: number): number;
  /** A sleeper that does not sleep on after a slice calls this; it may end the thread. */
  checkpoint(): void;
  /** Counts a wait that ended only because a slice ran out: while nobody dies, a wake was lost. */
  rescued(): void;
}

/** A place in a roster, for one life of it. */
export interface Seat {
  readonly slot: number;
  readonly generation: number;
}

/** Who is alive among the threads that share memory. */
export interface Roster {
  /** Takes a free slot, for itself or for a thread that `parent` starts. Throws `RangeError` if all are taken. */
  claim(parent?: Seat): Seat;
  alive(slot: number, generation: number): boolean;
  /** Says once and for all that a thread is gone, and all that it started. Has no effect on a later owner of the slot. */
  markDead(slot: number, generation: number): void;
  /** What the thread that last had a slot calls itself; "" if nothing. */
  nameOf(slot: number): string;
}

export const SLOT_BITS = 10;
export const GENERATION_BITS = 20;
export const SLOTS: number = 1 << SLOT_BITS;
const GENERATION_MASK = (1 << GENERATION_BITS) - 1;

const MAGIC = 0x17e210c;
const ID = 2;
const CURSOR = 6;
const RESCUES = 7;
const SLICE = 8;
const NEWS = 9;
const LIVES = 16;
const LEAVE = LIVES + SLOTS;
const PARENTS = LEAVE + SLOTS;
const NAMES = PARENTS + SLOTS;
/** A name's length in UTF-16 units, and then the units. */
const NAME_UNITS = 32;
const WORDS = NAMES + (SLOTS * NAME_UNITS) / 2;

/** The bytes of a roster. */
export const ROSTER_BYTES: number = WORDS * 4;

/**
 * Where threads of several processes share a roster, what tells that a life is over although nobody said so. A slot is taken
 * before its life begins.
 */
export interface RosterGuard {
  /** Takes a slot for this thread, until it ends; false if somebody has it. */
  take(slot: number): boolean;
  /** Gives a slot back whose life did not begin. */
  drop(slot: number): void;
  /** Whether whoever has a slot lives, as far as can be told at once. */
  lives(slot: number): boolean;
}

/** A part of a larger memory where a roster lies. */
export interface RosterRegion {
  readonly byteOffset: number;
  /** Whether it is to be made there, in zeroed bytes. */
  readonly create: boolean;
  readonly guard: RosterGuard;
}

/** The roster of a group of threads, over a `SharedArrayBuffer` of its own. */
export class SharedRoster implements Roster {
  /** That of a roster of its own; in a part of another memory it may be any. */
  readonly buffer: SharedArrayBuffer;
  readonly #guard: RosterGuard | undefined;
  /** The same for every view of the same roster; engines give the same memory a new object in each message. */
  readonly id: string;
  readonly #words: Int32Array;
  readonly #names: Uint16Array;

  /** Creates a roster, or opens the one in `buffer`; in a part of it if `region` says so. */
  constructor(buffer?: SharedArrayBuffer | ArrayBuffer, region?: RosterRegion) {
    const { byteOffset = 0, create = buffer === undefined, guard } = region ?? {};
    if (buffer === undefined) buffer = sharedBytes(ROSTER_BYTES);
    else if (region === undefined && (!isSharedBytes(buffer) || buffer.byteLength !== ROSTER_BYTES)) {
      throw new TypeError(`Cannot open roster as its buffer must be a SharedArrayBuffer of ${ROSTER_BYTES} bytes: received ${describe(buffer)}`);
    }
    this.#guard = guard;
    this.buffer = buffer as SharedArrayBuffer;
    this.#words = new Int32Array(buffer, byteOffset, WORDS);
    this.#names = new Uint16Array(buffer, byteOffset + NAMES * 4, SLOTS * NAME_UNITS);
    if (create) {
      const fresh = this.#words;
      for (let i = 0; i < 4; i++) fresh[ID + i] = (Math.random() * 2 ** 32) | 0;
      fresh[SLICE] = SLICE_MS;
      fresh[1] = LAYOUT;
      fresh[0] = MAGIC;
    }
    const [magic, version] = this.#words;
    if (magic !== MAGIC) throw new TypeError(`Cannot open roster as its header is not one of interlock's: received ${magic}`);
    if (version !== LAYOUT) throw new TypeError(`Cannot open roster as its layout version must be ${LAYOUT}: received ${version}`);
    this.id = this.#words.slice(ID, ID + 4).join(":");
  }

  claim(parent?: Seat): Seat {
    let seat = this.#claim(parent);
    if (seat === undefined && this.#guard !== undefined) {
      this.#bury();
      // Also if it found nobody: another may have been faster.
      seat = this.#claim(parent);
    }
    if (seat === undefined) throw new RangeError(`Cannot claim a roster slot as all ${SLOTS} are taken by living threads`);
    return seat;
  }

  alive(slot: number, generation: number): boolean {
    if (!this.#has(slot, generation)) return false;
    if (this.#guard?.lives(slot) !== false) return true;
    this.#end(slot, generation);
    return false;
  }

  /** The generation of whoever has a slot; undefined if nobody has. */
  generationOf(slot: number): number | undefined {
    const life = Atomics.load(this.#words, LIVES + slot);
    return life % 2 === 1 ? life : undefined;
  }

  markDead(slot: number, generation: number): void {
    if (this.#has(slot, generation)) this.#end(slot, generation);
  }

  #claim(parent: Seat | undefined): Seat | undefined {
    const words = this.#words;
    const guard = this.#guard;
    // Slots are handed out in turn, which puts off the reuse of any one of them as long as possible.
    const start = Atomics.add(words, CURSOR, 1);
    for (let i = 0; i < SLOTS; i++) {
      const slot = (start + i) & (SLOTS - 1);
      const life = Atomics.load(words, LIVES + slot);
      const generation = (life + 1) & GENERATION_MASK;
      // It is taken first: a life without somebody who has the slot would count as over.
      if (life % 2 !== 0 || guard?.take(slot) === false) continue;
      if (Atomics.compareExchange(words, LIVES + slot, life, generation) === life) {
        this.setName(slot, "");
        Atomics.store(words, PARENTS + slot, parent === undefined ? 0 : parent.slot | (parent.generation << SLOT_BITS));
        return { slot, generation };
      }
      guard?.drop(slot);
    }
    return undefined;
  }

  /** Marks those dead that died without a word. */
  #bury(): void {
    for (let slot = 0; slot < SLOTS; slot++) {
      const life = Atomics.load(this.#words, LIVES + slot);
      if (life % 2 === 1) this.alive(slot, life);
    }
  }

  #has(slot: number, generation: number): boolean {
    // An even generation names nobody: it is how a slot without a life looks.
    return (generation & 1) === 1 && Atomics.load(this.#words, LIVES + slot) === generation;
  }

  #end(slot: number, generation: number): void {
    const words = this.#words;
    // Before the slot is free: a new owner must not pass for the child of this one's parent.
    Atomics.store(words, PARENTS + slot, 0);
    if (Atomics.compareExchange(words, LIVES + slot, generation, (generation + 1) & GENERATION_MASK) !== generation) return;
    Atomics.add(words, NEWS, 1);
    const parent = slot | (generation << SLOT_BITS);
    for (let child = 0; child < SLOTS; child++) {
      if (Atomics.load(words, PARENTS + child) !== parent) continue;
      const life = Atomics.load(words, LIVES + child);
      if (life % 2 === 1) this.markDead(child, life);
    }
  }

  nameOf(slot: number): string {
    const at = slot * NAME_UNITS;
    const length = Math.min(Atomics.load(this.#names, at), NAME_UNITS - 1);
    return String.fromCharCode(...this.#names.slice(at + 1, at + 1 + length));
  }

  /** Names the thread in a slot, cut to 31 UTF-16 units. */
  setName(slot: number, name: string): void {
    const at = slot * NAME_UNITS;
    const length = Math.min(name.length, NAME_UNITS - 1);
    for (let i = 0; i < length; i++) this.#names[at + 1 + i] = name.charCodeAt(i);
    Atomics.store(this.#names, at, length);
  }

  /** The length of a slice in this group. */
  get sliceMs(): number {
    return Atomics.load(this.#words, SLICE);
  }

  set sliceMs(milliseconds: number) {
    Atomics.store(this.#words, SLICE, milliseconds);
  }

  /** How many waits of this group ended only because a slice ran out. */
  get rescues(): number {
    return Atomics.load(this.#words, RESCUES);
  }

  /** A word that changes when somebody has died or was asked to leave; undefined where the dead may be silent. */
  get news(): Int32Array | undefined {
    return this.#guard === undefined ? this.#words.subarray(NEWS, NEWS + 1) : undefined;
  }

  /** Counts one. */
  countRescue(): void {
    Atomics.add(this.#words, RESCUES, 1);
  }

  /** Asks a thread to leave at its next checkpoint. */
  askToLeave(slot: number, generation: number): void {
    Atomics.store(this.#words, LEAVE + slot, generation);
    Atomics.add(this.#words, NEWS, 1);
  }

  /** Whether this thread was asked to leave. */
  askedToLeave(slot: number, generation: number): boolean {
    return Atomics.load(this.#words, LEAVE + slot) === generation;
  }
}

function describe(value: unknown): string {
  return isSharedBytes(value) ? `${value.byteLength} bytes` : typeof value;
}
