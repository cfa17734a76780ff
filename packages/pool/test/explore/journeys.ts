/**
 * Threads that send ends of pipes to each other, and what must hold of who has them.
 *
 * @module
 */
import type { Context, Scenario } from "@interlock/explore";
import { EndWords, type Heir, initWords, PIPE_BYTES, type Side } from "../../src/connection/words.ts";

/** As the words of an end, or with a mistake. */
export type AnyEnd = Pick<EndWords, "announce" | "follow" | "hold" | "heir" | "lives" | "moving" | "takeBack">;

/** Which threads may die, and how the words are opened. */
export interface Trip {
  readonly deaths?: Scenario["deaths"];
  readonly open?: (...args: ConstructorParameters<typeof EndWords>) => AnyEnd;
}

/** A seat is never 0. */
const FIRST_SEAT = 1024;
const seatOf = (id: number): number => FIRST_SEAT + id;

/** Behind the words: messages that carry an end, who has read one, and who has ended. */
const NOTES = PIPE_BYTES / 4;
const MESSAGE = NOTES;
const READ = NOTES + 8;
const ENDED = NOTES + 12;

/** A message is there; or it was taken, though not read, by whoever was to send on what it is in. */
const POSTED = 1;
const TAKEN = 2;

/** How long a wait is until somebody looks whether another has died. */
const SLICE_MS = 50;

/** What there is to see of an end. */
interface Sight {
  readonly lives: boolean;
  /** The thread that counts as its owner. */
  readonly owner: number;
  /** The living thread that has it for good. */
  readonly reader: number | undefined;
  readonly died: boolean;
}

/** What one thread does. */
class Traveller {
  readonly c: Context;
  readonly words: Int32Array;
  readonly #open: NonNullable<Trip["open"]>;

  constructor(c: Context, open: NonNullable<Trip["open"]>) {
    this.c = c;
    this.words = new Int32Array(c.buffer);
    this.#open = open;
  }

  end(side: Side): AnyEnd {
    return this.#open(this.c.buffer, side, { own: () => seatOf(this.c.id), alive: (seat) => this.c.alive(seat - FIRST_SEAT) });
  }

  post(message: number): void {
    Atomics.store(this.words, MESSAGE + message, POSTED);
    Atomics.notify(this.words, MESSAGE + message);
  }

  /** Waits for a message; false if its sender is dead or has ended, and has not posted it. */
  async arrives(message: number, sender: number): Promise<boolean> {
    const there = (): boolean => Atomics.load(this.words, MESSAGE + message) !== 0;
    while (!there()) {
      if (Atomics.load(this.words, ENDED + sender) !== 0 || !this.c.alive(sender)) return there();
      await Atomics.waitAsync(this.words, MESSAGE + message, 0, SLICE_MS).value;
    }
    return true;
  }

  /** Notes that this thread has an end for good. */
  read(side: Side): void {
    Atomics.store(this.words, READ + side, this.c.id + 1);
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
  look(count: number, side: Side): Sight {
    const dead = (): string => Array.from({ length: count }, (_, id) => (this.c.alive(id) ? "" : id)).join();
    for (;;) {
      const before = dead();
      const end = this.end(side);
      const id = Atomics.load(this.words, READ + side) - 1;
      const reader = id >= 0 && this.c.alive(id) ? id : undefined;
      const sight = { lives: end.lives, owner: end.heir() - FIRST_SEAT, reader, died: /\d/.test(before) };
      if (dead() === before) return sight;
    }
  }
}

const real: NonNullable<Trip["open"]> = (...args) => new EndWords(...args);

function scenario(threads: number, { deaths, open = real }: Trip, run: (t: Traveller) => Promise<void>, last: (t: Traveller) => void): Scenario {
  return {
    threads: threads + 1,
    bytes: PIPE_BYTES + 64 + 32,
    setup(c) {
      initWords(c.buffer, seatOf(0));
      // The other end is that of the thread to which the first one sends.
      new EndWords(c.buffer, 1, { own: () => seatOf(1), alive: () => true }).hold();
    },
    async thread(c) {
      const t = new Traveller(c, open);
      if (c.id < threads) {
        await run(t);
        t.done();
        return;
      }
      await t.others(threads);
      last(t);
    },
    ...(deaths === undefined ? {} : { deaths }),
  };
}

/** An end goes from one thread to the next; the last thread has the other end, and looks at any time whether it lives. */
export function chain(threads: number, trip: Trip = {}): Scenario {
  const run = async (t: Traveller): Promise<void> => {
    const { id } = t.c;
    const end = t.end(0);
    if (id > 0 && !(await t.arrives(id, id - 1))) return;
    end.hold();
    if (id === threads - 1) {
      t.read(0);
      return;
    }
    const heir: Heir = () => seatOf(id + 1);
    const journey = end.announce(heir);
    t.post(id + 1);
    end.follow(journey, heir);
  };
  return scenario(threads, trip, run, (t) => {
    const { lives, owner, reader, died } = t.look(threads, 0);
    t.c.assert(died || reader !== undefined, "the end did not arrive, although nobody died");
    t.c.assert(died || lives, "the end counts as gone, although nobody died");
    t.c.assert(!lives || owner === reader, `the end counts as that of ${owner}, and ${reader} has it`);
  });
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
    if (t.c.id === sender) {
      end.hold();
      const journey = end.announce(pipe.heir);
      t.post(INSIDE);
      for (let again = true; again; ) {
        again = pipe.moving;
        end.follow(journey, pipe.heir);
        if (again) await Atomics.waitAsync(t.words, ENDED + carrier, 0, SLICE_MS).value;
      }
    } else if (t.c.id === carrier) {
      pipe.hold();
      const heir: Heir = () => seatOf(third);
      const outer = pipe.announce(heir);
      const inside = Atomics.compareExchange(t.words, MESSAGE + INSIDE, POSTED, TAKEN) === POSTED;
      const inner = inside ? end.announce(heir) : 0n;
      t.post(OUTSIDE);
      pipe.follow(outer, heir);
      if (inside) end.follow(inner, heir);
    } else if (await t.arrives(OUTSIDE, carrier)) {
      pipe.hold();
      t.read(1);
      if (Atomics.load(t.words, MESSAGE + INSIDE) === 0) return;
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
