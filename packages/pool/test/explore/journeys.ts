/**
 * Threads that send ends of pipes to each other, and what must hold of who has them.
 *
 * @module
 */
import type { Context, Scenario } from "@interlock/explore";
import { EndWords, type Heir, initWords, PIPE_BYTES, type Side } from "../../src/connection/words.ts";

/** As the words of an end, or with a mistake. */
export type AnyEnd = Pick<EndWords, "announce" | "claim" | "follow" | "hold" | "heir" | "lives" | "release" | "renounce">;

/** Which threads may die, which count as dead when they have ended, and how the words are opened. */
export interface Trip {
  readonly deaths?: Scenario["deaths"];
  readonly ends?: readonly number[];
  readonly open?: (...args: ConstructorParameters<typeof EndWords>) => AnyEnd;
}

/** A seat is never 0. */
const FIRST_SEAT = 1024;
export const seatOf = (id: number): number => FIRST_SEAT + id;

/** Lines of words for so many ends. */
const LINES = 4;
/** Behind the words: messages that carry an end, who has read one, who has ended, who only counts as dead, and whether an end was seen to be gone. */
const NOTES = ((LINES / 2) * PIPE_BYTES) / 4;
const MESSAGE = NOTES;
const READ = NOTES + 8;
const ENDED = NOTES + 12;
const RETIRED = NOTES + 18;
const MISSED = NOTES + 19;

/** A message is there; or it was taken, though not read, by whoever was to send on what it is in. */
const POSTED = 1;
const TAKEN = 2;

/** How long a wait is until somebody looks whether another has died. */
const SLICE_MS = 50;

/** What there is to see of an end. */
interface Sight {
  readonly lives: boolean;
  /** The thread that counts as its owner. */
  readonly owner: number | undefined;
  /** The living thread that has it for good. */
  readonly reader: number | undefined;
  readonly died: boolean;
}

/** What one thread does. */
class Traveller {
  readonly c: Context;
  readonly words: Int32Array;
  readonly #open: NonNullable<Trip["open"]>;
  readonly #ends: readonly number[];

  constructor(c: Context, { open = real, ends = [] }: Trip) {
    this.c = c;
    this.words = new Int32Array(c.buffer);
    this.#open = open;
    this.#ends = ends;
  }

  end(line: number): AnyEnd {
    const alive = (seat: number): boolean => this.alive(seat - FIRST_SEAT) && !this.#hasEnded(seat - FIRST_SEAT);
    return this.#open(this.c.buffer, line as Side, { own: () => seatOf(this.c.id), alive });
  }

  #hasEnded(id: number): boolean {
    return this.#ends.includes(id) && Atomics.load(this.words, ENDED + id) !== 0;
  }

  /** Whether a thread counts as alive, or has ended in peace. */
  alive(id: number): boolean {
    return this.c.alive(id) && Atomics.load(this.words, RETIRED) !== id + 1;
  }

  /** Makes a thread count as dead, which goes on nevertheless. */
  retire(id: number): void {
    Atomics.store(this.words, RETIRED, id + 1);
  }

  /** Follows an end until it is known who reads the message. */
  async follow(end: AnyEnd, journey: bigint, pipe: AnyEnd, carrier: number): Promise<void> {
    while (!end.follow(journey, pipe.heir)) await Atomics.waitAsync(this.words, ENDED + carrier, 0, SLICE_MS).value;
  }

  /** Sends an end that this thread has through a pipe whose other end is a carrier's. */
  async send(end: AnyEnd, message: number, pipe: AnyEnd, carrier: number): Promise<void> {
    end.hold();
    const journey = end.announce();
    this.post(message);
    await this.follow(end, journey, pipe, carrier);
  }

  /** Takes a message if it is there, and claims the end in it. */
  takes(message: number, end: AnyEnd): boolean {
    const there = Atomics.compareExchange(this.words, MESSAGE + message, POSTED, TAKEN) === POSTED;
    if (there) end.claim();
    return there;
  }

  /** Whether a message is, or was. */
  posted(message: number): boolean {
    return Atomics.load(this.words, MESSAGE + message) !== 0;
  }

  post(message: number): void {
    Atomics.store(this.words, MESSAGE + message, POSTED);
    Atomics.notify(this.words, MESSAGE + message);
  }

  /** Waits for a message; false if its sender is dead or has ended, and has not posted it. */
  async arrives(message: number, sender: number): Promise<boolean> {
    while (!this.posted(message)) {
      if (Atomics.load(this.words, ENDED + sender) !== 0 || !this.c.alive(sender)) return this.posted(message);
      await Atomics.waitAsync(this.words, MESSAGE + message, 0, SLICE_MS).value;
    }
    return true;
  }

  /** Notes that this thread has an end for good. */
  read(line: number): void {
    Atomics.store(this.words, READ + line, this.c.id + 1);
  }

  /** Notes that this thread has ended. */
  done(): void {
    Atomics.store(this.words, ENDED + this.c.id, 1);
    for (const word of [ENDED + this.c.id, MESSAGE + this.c.id + 1]) Atomics.notify(this.words, word);
  }

  /** Waits until the others have ended, or died. */
  async others(count: number): Promise<void> {
    for (let id = 0; id < count; id++) {
      while (Atomics.load(this.words, ENDED + id) === 0 && this.c.alive(id)) await Atomics.waitAsync(this.words, ENDED + id, 0, SLICE_MS).value;
    }
  }

  /** What there is to see of an end while nobody dies. */
  look(count: number, line: number): Sight {
    const dead = (): string => Array.from({ length: count }, (_, id) => (this.alive(id) ? "" : id)).join();
    for (;;) {
      const before = dead();
      const end = this.end(line);
      const id = Atomics.load(this.words, READ + line) - 1;
      const reader = id >= 0 && this.alive(id) ? id : undefined;
      const heir = end.heir();
      const sight = { lives: end.lives, owner: heir === undefined ? undefined : heir - FIRST_SEAT, reader, died: /\d/.test(before) };
      if (dead() === before) return sight;
    }
  }
}

const real: NonNullable<Trip["open"]> = (...args) => new EndWords(...args);

function scenario(threads: number, trip: Trip, run: (t: Traveller) => Promise<void>, last: (t: Traveller) => void): Scenario {
  return {
    threads: threads + 1,
    bytes: NOTES * 4 + 96,
    setup(c) {
      initWords(c.buffer, seatOf(0));
      // The other end is that of the thread to which the first one sends.
      new EndWords(c.buffer, 1, { own: () => seatOf(1), alive: () => true }).hold();
      // And this one is another that the first thread has.
      new BigInt64Array(c.buffer, PIPE_BYTES)[0] = BigInt(seatOf(0));
    },
    async thread(c) {
      const t = new Traveller(c, trip);
      if (c.id < threads) {
        await run(t);
        t.done();
        return;
      }
      await t.others(threads);
      last(t);
    },
    ...(trip.deaths === undefined ? {} : { deaths: trip.deaths }),
  };
}

/**
 * An end goes from one thread to the next; the last thread has the other end, and looks at some time whether it lives.
 *
 * @param lines The end, and perhaps another one, which is in a message to it that nobody receives.
 */
export function chain(threads: number, trip: Trip = {}, lines: readonly number[] = [0]): Scenario {
  const run = async (t: Traveller): Promise<void> => {
    const { id } = t.c;
    const ends = lines.map((line) => t.end(line));
    if (id === threads - 1 && ends[0]?.lives === false) Atomics.store(t.words, MISSED, 1);
    if (id > 0 && !(await t.arrives(id, id - 1))) return;
    for (const end of ends) end.claim();
    ends[0]?.hold();
    if (id === threads - 1) {
      for (const line of lines) t.read(line);
      return;
    }
    const heir: Heir = () => seatOf(id + 1);
    const journeys = ends.map((end) => end.announce());
    t.post(id + 1);
    for (const [i, end] of ends.entries()) end.follow(journeys[i] as bigint, heir);
  };
  const last = (t: Traveller): void => {
    for (const line of lines) {
      const { lives, owner, reader, died } = t.look(threads, line);
      t.c.assert(died || reader !== undefined, `end ${line} did not arrive, although nobody died`);
      t.c.assert(died || lives, `end ${line} counts as gone, although nobody died`);
      t.c.assert(!lives || owner === reader, `end ${line} counts as that of ${owner}, and ${reader} has it`);
    }
    t.c.assert(Atomics.load(t.words, MISSED) === 0 || !t.end(0).lives, "the end was gone, and lives again");
  };
  return scenario(threads, trip, run, last);
}

/**
 * An end is sent through another pipe, whose reading end is itself on its way to a third thread. Either the third has it, or it is
 * in messages that the third could still read, or it is gone.
 */
export function passenger(trip: Trip = {}): Scenario {
  const [sender, carrier, third] = [0, 1, 2];
  /** The messages: the passenger in the pipe, and the pipe's end. */
  const [INSIDE, OUTSIDE] = [1, 2];
  const run = async (t: Traveller): Promise<void> => {
    const [end, pipe] = [t.end(0), t.end(1)];
    if (t.c.id === sender) await t.send(end, INSIDE, pipe, carrier);
    else if (t.c.id === carrier) {
      pipe.hold();
      const heir: Heir = () => seatOf(third);
      const outer = pipe.announce();
      const inside = t.takes(INSIDE, end);
      const inner = inside ? end.announce() : 0n;
      t.post(OUTSIDE);
      pipe.follow(outer, heir);
      if (inside) end.follow(inner, heir);
    } else if (await t.arrives(OUTSIDE, carrier)) {
      pipe.claim();
      pipe.hold();
      t.read(1);
      if (!t.posted(INSIDE)) return;
      end.claim();
      end.hold();
      t.read(0);
    }
  };
  return scenario(3, trip, run, (t) => {
    const pipe = t.look(3, 1);
    const { lives, owner, reader, died } = t.look(3, 0);
    t.c.assert(died || lives, "the end counts as gone, although nobody died");
    const reachable = reader === third || (pipe.reader === third && pipe.lives);
    t.c.assert(!lives || (reachable && owner === third), `the end counts as that of ${owner}, who does not have it`);
  });
}

/**
 * As `passenger`, and another end is sent through the pipe of the passenger: what it is in is itself in a message, of which its sender
 * may not know yet who reads it.
 *
 * @param received How many of the three ends the last thread receives.
 */
export function passengers(received: number, trip: Trip = {}): Scenario {
  const [sender, carrier, third] = [0, 1, 2];
  /** The ends, each of which is sent through the pipe of the one before. */
  const [OUTER, MIDDLE, INNER] = [1, 0, 2];
  /** The messages that they are in. */
  const [OUTER_IN, MIDDLE_IN, INNER_IN] = [1, 2, 3];
  const run = async (t: Traveller): Promise<void> => {
    const [outer, middle, inner] = [t.end(OUTER), t.end(MIDDLE), t.end(INNER)];
    if (t.c.id === sender) {
      for (const end of [middle, inner]) end.hold();
      const middleJourney = middle.announce();
      t.post(MIDDLE_IN);
      middle.follow(middleJourney, outer.heir);
      const innerJourney = inner.announce();
      t.post(INNER_IN);
      inner.follow(innerJourney, middle.heir);
      await t.follow(middle, middleJourney, outer, carrier);
      await t.follow(inner, innerJourney, middle, carrier);
    } else if (t.c.id === carrier) {
      outer.hold();
      const heir: Heir = () => seatOf(third);
      const journeys: [AnyEnd, bigint][] = [[outer, outer.announce()]];
      if (t.takes(MIDDLE_IN, middle)) {
        journeys.push([middle, middle.announce()]);
        if (t.takes(INNER_IN, inner)) journeys.push([inner, inner.announce()]);
      }
      t.post(OUTER_IN);
      for (const [end, journey] of journeys) end.follow(journey, heir);
    } else if (await t.arrives(OUTER_IN, carrier)) {
      for (const [line, end, message] of [
        [OUTER, outer, OUTER_IN],
        [MIDDLE, middle, MIDDLE_IN],
        [INNER, inner, INNER_IN],
      ].slice(0, received) as [number, AnyEnd, number][]) {
        if (!t.posted(message)) return;
        end.claim();
        end.hold();
        t.read(line);
      }
    }
  };
  const last = (t: Traveller): void => {
    let reachable = true;
    for (const line of [OUTER, MIDDLE, INNER]) {
      const { lives, owner, reader, died } = t.look(3, line);
      // What is in the messages of an end that somebody has can be read.
      reachable = reader === third || (line !== OUTER && reachable);
      t.c.assert(died || lives, `end ${line} counts as gone, although nobody died`);
      t.c.assert(!lives || (reachable && owner === third), `end ${line} counts as that of ${owner}, who does not have it`);
      reachable &&= lives;
    }
  };
  return scenario(3, trip, run, last);
}

/** As `passenger`, but the message that the carrier is about to send cannot be posted. */
export function stayer(trip: Trip = {}): Scenario {
  const [sender, carrier] = [0, 1];
  const INSIDE = 1;
  const run = async (t: Traveller): Promise<void> => {
    const [end, pipe] = [t.end(0), t.end(1)];
    if (t.c.id === sender) await t.send(end, INSIDE, pipe, carrier);
    else {
      pipe.announce();
      const inside = t.takes(INSIDE, end);
      if (inside) end.announce();
      pipe.renounce();
      if (inside) end.renounce();
    }
  };
  return scenario(2, trip, run, (t) => {
    for (const line of [0, 1]) {
      const { lives, owner } = t.look(2, line);
      t.c.assert(lives && owner === carrier, `end ${line} counts as that of ${owner}, and ${carrier} has it`);
    }
  });
}

/** The sender counts as dead at any time, and goes on: its reader has what it sent, or it is gone. */
export function zombie(trip: Trip = {}): Scenario {
  const [sender, reader] = [0, 1];
  const SENT = 1;
  const run = async (t: Traveller): Promise<void> => {
    const [end, pipe] = [t.end(0), t.end(1)];
    if (t.c.id === sender) await t.send(end, SENT, pipe, reader);
    else if (t.c.id === reader) {
      for (let over = false; !over; ) {
        over = !t.alive(sender);
        if (over) pipe.release();
        if (t.takes(SENT, end)) {
          end.hold();
          t.read(0);
          return;
        }
        await Atomics.waitAsync(t.words, MESSAGE + SENT, 0, SLICE_MS).value;
      }
    } else t.retire(sender);
  };
  return scenario(3, trip, run, (t) => {
    const { lives, owner, reader: has } = t.look(3, 0);
    t.c.assert(!lives || (has === reader && owner === reader), `the end counts as that of ${owner}, and ${has} has it`);
  });
}
