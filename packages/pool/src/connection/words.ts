/**
 * What the two ends of a pipe know of each other, in memory that their threads share. Each end has a line of words:
 *
 * | word | name    | meaning                                                                                |
 * | ---- | ------- | -------------------------------------------------------------------------------------- |
 * | 0, 1 | OWNER   | whose end it is, as one number; see below                                              |
 * | 2    | SENT    | how many messages it has posted, modulo 2^32; who waits for the next sleeps on it      |
 * | 3    | FOREIGN | 1 while another process uses the end, for which this thread relays                     |
 * | 4, 5 | ID      | of the pipe, in the first line only: a random number                                   |
 *
 * | OWNER                          | meaning                                    | becomes                                                   |
 * | ------------------------------ | ------------------------------------------ | --------------------------------------------------------- |
 * | journey n, HELD, seat          | that thread has it                         | LEAVING: about to be sent                                 |
 * | journey n, HELD, LEAVING, seat | that thread sends it, or has just done so  | n + 1, seat: sent; n + 2: has come; no LEAVING: it stays  |
 * | journey n, seat                | it is in a message to that thread, or new  | n + 1: has come; HELD: read; another seat: the reader is another; LEAVING: the message is about to be sent on |
 * | journey n, LEAVING, seat       | the message is sent on, or just was        | n, seat: it was; n + 1: has come; no LEAVING: it stays    |
 * | any                            |                                            | GONE: closed, seen dead, or nobody will read it           |
 * | GONE                           | nobody's, and never again                  |                                                           |
 *
 * A seat is slot | generation << 10, as the roster gives them; a living generation is odd, so a seat is never 0.
 *
 * A sender may be slow, and say who reads its message after that was read, or sent on inside of another. The number of the journey
 * keeps it from that: whoever takes a message makes the ends in it its own, on a journey of which no sender knows.
 *
 * Who reads what is sent to an end is not known while that is LEAVING: whoever sends an end of another pipe to it keeps that until it
 * is. To take for granted that it arrives would leave what is inside to a thread that never hears of it, should the sender die.
 *
 * Whoever sends an end writes the new owner after the message is posted: should it die in between, the end counts as gone
 * although somebody may still read it, who then may find it closed. The other order would leave it to a thread that never hears of it.
 *
 * @module
 */
import { futex, home } from "@interlock/core/base";

/** Which of the two ends. */
export type Side = 0 | 1;

/** The seat of whoever reads a message, or 0 if nobody will; undefined if that is not known yet. It may change while the message is under way. */
export type Heir = () => number | undefined;

const OWNER = 0;
const SENT = 2;
const FOREIGN = 3;
const ID = 4;

const GONE = 0n;
const HELD = 1n << 30n;
const LEAVING = 1n << 31n;
const JOURNEY_SHIFT = 32n;
const SEAT_BITS = 30;
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
    this.#change((owner) => ownerOf(nextJourney(owner), this.#seats.own()) | HELD);
  }

  /** Says that the message in which the end is has come to this thread: whatever its sender still says of it is void. */
  claim(): void {
    this.#change((owner) => ownerOf(nextJourney(owner) + 1n, this.#seats.own()));
  }

  /** Gives the end up. */
  release(): void {
    Atomics.store(this.#owners, (this.#at + OWNER) / 2, GONE);
  }

  /**
   * Says that the end, which this thread has, or has claimed, is about to be sent.
   *
   * @returns The number of the journey.
   */
  announce(): bigint {
    return nextJourney(this.#change((owner) => owner | LEAVING));
  }

  /** Takes that back. */
  renounce(): void {
    this.#change((owner) => owner & ~LEAVING);
  }

  /**
   * Makes whoever reads the message in which the end is its owner. Call it whenever that may have changed: the last who does
   * sees the last heir.
   *
   * @returns False if that is not known yet: call it again later. Until then the end is whose it was.
   */
  follow(journey: bigint, heir: Heir): boolean {
    for (;;) {
      const owner = this.#owner;
      const held = (owner & HELD) !== 0n;
      // The message has come, or never will.
      if (owner === GONE || journeyIn(owner) !== (held ? journey - 1n : journey)) return true;
      const seat = heir();
      if (seat === undefined) return false;
      const next = seat === 0 ? GONE : ownerOf(journey, seat);
      if (owner === next) return true;
      this.#replace(owner, next);
    }
  }

  /** Whoever reads what is sent to this end. */
  readonly heir: Heir = () => {
    for (;;) {
      const owner = this.#owner;
      const seat = seatIn(owner);
      if ((owner & LEAVING) === 0n) return seat;
      if (this.#seats.alive(seat)) return undefined;
      // It may have sent the end, and ended after that.
      if (this.#owner === owner) return 0;
    }
  };

  get #owner(): bigint {
    return Atomics.load(this.#owners, (this.#at + OWNER) / 2);
  }

  /** Makes it what `next` says, unless it is gone; returns that. */
  #change(next: (owner: bigint) => bigint): bigint {
    for (;;) {
      const owner = this.#owner;
      if (owner === GONE) return GONE;
      const changed = next(owner);
      if (changed === owner || this.#replace(owner, changed)) return changed;
    }
  }

  #replace(owner: bigint, by: bigint): boolean {
    return Atomics.compareExchange(this.#owners, (this.#at + OWNER) / 2, owner, by) === owner;
  }
}

function seatIn(owner: bigint): number {
  return Number(BigInt.asUintN(SEAT_BITS, owner));
}

function journeyIn(owner: bigint): bigint {
  return owner >> JOURNEY_SHIFT;
}

/** The journey on which an end is, or will be when it is sent: of one that is LEAVING, its sender may not have written so yet. */
function nextJourney(owner: bigint): bigint {
  return (owner & HELD) === 0n ? journeyIn(owner) : journeyIn(owner) + 1n;
}

function ownerOf(journey: bigint, seat: number): bigint {
  return (journey << JOURNEY_SHIFT) | BigInt(seat);
}
