/**
 * What the two ends of a pipe know of each other, in memory that their threads share. Each end has a line of words:
 *
 * | word | name    | meaning                                                                                |
 * | ---- | ------- | -------------------------------------------------------------------------------------- |
 * | 0, 1 | OWNER   | whose end it is, as one number; see below                                              |
 * | 2    | NEXT    | the seat of the thread that is about to get the end; 0 once that has it                |
 * | 3    | SENT    | how many messages it has posted, modulo 2^32; who waits for the next sleeps on it      |
 * | 4    | FOREIGN | 1 while another process uses the end, for which this thread relays                     |
 * | 5, 6 | ID      | of the pipe, in the first line only: a random number                                   |
 *
 * | OWNER                  | meaning                                          | becomes                                        |
 * | ---------------------- | ------------------------------------------------ | ---------------------------------------------- |
 * | journey n, HELD, seat  | that thread has it                               | journey n + 1: sent; GONE: closed, or seen dead |
 * | journey n, seat        | it is in a message that this thread is to read   | HELD: read; another seat: the message was sent on; GONE: nobody will read it |
 * | GONE                   | nobody's, and never again                        |                                                |
 *
 * A seat is slot | generation << 10, as the roster gives them; a living generation is odd, so a seat is never 0. The number of
 * the journey keeps a sender that was slow from writing who reads its message after the end was read and sent again.
 *
 * Whoever sends an end writes the new owner after the message is posted: should it die in between, the end counts as gone
 * although somebody may still read it, who then finds it closed. The other order would leave it to a thread that never hears of it.
 *
 * @module
 */
import { futex, home } from "@interlock/core/base";

/** Which of the two ends. */
export type Side = 0 | 1;

/** The seat of whoever reads a message, or 0 if nobody will; it may change while the message is under way. */
export type Heir = () => number;

const OWNER = 0;
const NEXT = 2;
const SENT = 3;
const FOREIGN = 4;
const ID = 5;

const GONE = 0n;
const HELD = 1n << 30n;
const JOURNEY_SHIFT = 32n;
/** Seat and HELD. */
const HOLDER_BITS = 31;
const SLOT_BITS = 10;
const SLOT_MASK = (1 << SLOT_BITS) - 1;

/** A cache line for each end. */
const LINE_WORDS = 16;
/** The bytes of a pipe. */
export const PIPE_BYTES: number = 2 * LINE_WORDS * 4;

/** A seat as one number. */
export function seatOf({ slot, generation }: { readonly slot: number; readonly generation: number }): number {
  return slot | (generation << SLOT_BITS);
}

/** The seat of this thread. */
export function ownSeat(): number {
  return seatOf(home().agent);
}

/** Who this thread is, and who lives. */
export interface Seats {
  own(): number;
  alive(seat: number): boolean;
}

const threads: Seats = {
  own: ownSeat,
  alive: (seat) => home().roster.alive(seat & SLOT_MASK, seat >>> SLOT_BITS),
};

/** For messages whose readers nobody can look after. */
export const nobody: Heir = () => 0;

/** The words of a pipe whose ends this thread is to hold; undefined where threads share no memory. */
export function createWords(): SharedArrayBuffer | undefined {
  if (typeof SharedArrayBuffer === "undefined") return undefined;
  const buffer = new SharedArrayBuffer(PIPE_BYTES);
  initWords(buffer, ownSeat());
  const words = new Int32Array(buffer);
  for (const i of [0, 1]) words[ID + i] = (Math.random() * 2 ** 32) | 0;
  return buffer;
}

/** Makes both ends a thread's. */
export function initWords(buffer: SharedArrayBuffer, seat: number): void {
  const owners = new BigInt64Array(buffer);
  for (const line of [0, LINE_WORDS]) owners[(line + OWNER) / 2] = BigInt(seat);
}

/** The words of one end. */
export class EndWords {
  readonly #words: Int32Array;
  readonly #owners: BigInt64Array;
  readonly #at: number;
  readonly #seats: Seats;

  /** @throws {TypeError} If that is no memory of a pipe. */
  constructor(buffer: SharedArrayBuffer, side: Side, seats: Seats = threads) {
    if (!(buffer instanceof SharedArrayBuffer) || buffer.byteLength < PIPE_BYTES) {
      throw new TypeError(`Cannot open a connection as its words must be a SharedArrayBuffer of at least ${PIPE_BYTES} bytes`);
    }
    this.#words = new Int32Array(buffer);
    this.#owners = new BigInt64Array(buffer);
    this.#at = side * LINE_WORDS;
    this.#seats = seats;
  }

  /** The same for both ends of a pipe, in every thread; engines give the same memory a new object in each message. */
  get id(): string {
    return `${this.#words[ID]}:${this.#words[ID + 1]}`;
  }

  /** How many messages the end has posted. */
  get sent(): number {
    return Atomics.load(this.#words, this.#at + SENT);
  }

  /** Counts a message that was posted, and wakes who waits for it. */
  count(): void {
    Atomics.add(this.#words, this.#at + SENT, 1);
    futex.notify(this.#words, this.#at + SENT, Infinity);
  }

  /** Takes that back. */
  uncount(): void {
    Atomics.sub(this.#words, this.#at + SENT, 1);
  }

  /** Waits until more than `seen` messages were posted, at most for a slice. Does not keep the program alive. */
  async more(seen: number): Promise<"ok" | "not-equal" | "timed-out"> {
    return futex.waitAsync(this.#words, this.#at + SENT, seen, home().agent.sliceMs);
  }

  /** Whether another process uses the end. */
  get foreign(): boolean {
    return Atomics.load(this.#words, this.#at + FOREIGN) === 1;
  }

  set foreign(foreign: boolean) {
    Atomics.store(this.#words, this.#at + FOREIGN, foreign ? 1 : 0);
  }

  /** Whether nobody has the end, or ever will. */
  get gone(): boolean {
    return this.#owner === GONE;
  }

  /** Whether somebody living has the end, or is to get it. Once it does not, it never does again. */
  get lives(): boolean {
    for (;;) {
      const owner = this.#owner;
      if (owner === GONE) return false;
      if (this.#seats.alive(seatIn(owner))) return true;
      if (this.#replace(owner, GONE)) return false;
    }
  }

  /** Takes the end for this thread, unless it is gone. */
  hold(): void {
    for (;;) {
      const owner = this.#owner;
      if (owner === GONE || this.#replace(owner, ownerOf(nextJourney(owner), this.#seats.own()) | HELD)) break;
    }
    Atomics.store(this.#words, this.#at + NEXT, 0);
  }

  /** Gives the end up. */
  release(): void {
    Atomics.store(this.#owners, (this.#at + OWNER) / 2, GONE);
  }

  /**
   * Says that the end is about to be sent. Ends that others send through it meanwhile go to the new owner at once.
   *
   * @returns The number of the journey: a new one, or that on which it has been since before this thread got the message.
   */
  announce(heir: Heir): bigint {
    Atomics.store(this.#words, this.#at + NEXT, heir());
    return nextJourney(this.#owner);
  }

  /** Takes that back. */
  renounce(): void {
    Atomics.store(this.#words, this.#at + NEXT, 0);
  }

  /**
   * Makes whoever reads the message in which the end is its owner. Call it whenever that may have changed: the last who does
   * sees the last heir.
   */
  follow(journey: bigint, heir: Heir): void {
    for (;;) {
      const owner = this.#owner;
      const seat = heir();
      const held = (owner & HELD) !== 0n;
      // The message was read, or never will be.
      if (owner === GONE || journeyIn(owner) !== (held ? journey - 1n : journey)) return;
      if (!held && seatIn(owner) === seat) return;
      this.#replace(owner, seat === 0 ? GONE : ownerOf(journey, seat));
    }
  }

  /** Makes this thread, which has the message in which the end is, its owner. */
  takeBack(): void {
    const owner = this.#owner;
    if ((owner & HELD) === 0n) this.follow(journeyIn(owner), this.#seats.own);
  }

  /** Whoever reads what is sent to this end. */
  readonly heir: Heir = () => {
    const owner = this.#owner;
    const seat = seatIn(owner);
    const next = this.#next;
    if ((owner & HELD) === 0n || next === 0) return seat;
    return this.#seats.alive(seat) ? next : 0;
  };

  /**
   * Whether its owner is about to send it. Should that die first, the heir gets nothing: whoever has sent something through this
   * end, and followed it after this was true, must follow it again later.
   */
  get moving(): boolean {
    const owner = this.#owner;
    return (owner & HELD) !== 0n && this.#next !== 0 && this.#seats.alive(seatIn(owner));
  }

  get #next(): number {
    return Atomics.load(this.#words, this.#at + NEXT);
  }

  get #owner(): bigint {
    return Atomics.load(this.#owners, (this.#at + OWNER) / 2);
  }

  #replace(owner: bigint, by: bigint): boolean {
    return Atomics.compareExchange(this.#owners, (this.#at + OWNER) / 2, owner, by) === owner;
  }
}

function seatIn(owner: bigint): number {
  return Number(BigInt.asUintN(HOLDER_BITS, owner) & ~HELD);
}

function journeyIn(owner: bigint): bigint {
  return owner >> JOURNEY_SHIFT;
}

/** The journey on which an end is, or will be when it is sent. Its sender may not have written so yet. */
function nextJourney(owner: bigint): bigint {
  return (owner & HELD) === 0n ? journeyIn(owner) : journeyIn(owner) + 1n;
}

function ownerOf(journey: bigint, seat: number): bigint {
  return (journey << JOURNEY_SHIFT) | BigInt(seat);
}
