/**
 * One end of a pipe, below the object that its user has: the messages that have arrived, and who waits for them.
 *
 * @module
 */
import { TimeoutError } from "@interlock/core/base";
import { BrokenPipeError, ConnectionError, EOFError } from "../errors.ts";
import { END, type Letter, type Parcel } from "./letter.ts";
import { type Patience, patiently } from "./patience.ts";
import { openPort } from "./ports.ts";
import type { Wire } from "./wire.ts";

/** A message that has arrived, with the ends that are in it, in the order of its cargo. */
export interface Arrival {
  readonly letter: Letter;
  readonly ends: readonly End[];
}

/** How a message is received. */
export interface Reception<R> {
  /** What is being done, in errors: completes "Cannot …". */
  readonly action: string;
  /** Why a message cannot be received like this; it then stays where it is. */
  readonly refuse?: (letter: Letter) => Error | undefined;
  /** Makes of it what the caller gets. */
  readonly open: (arrival: Arrival) => R | PromiseLike<R>;
}

/** Somebody who waits for a message. */
interface Taker {
  /** What is being done, in errors. */
  readonly action: string;
  /** Receives a message, or learns that none will come. Returns whether the message is used up. */
  serve(arrival: Arrival | undefined): boolean;
  fail(error: unknown): void;
}

/** Somebody who wants to know once that there is something to receive. */
export interface Watcher {
  readonly action: string;
  /** Called once there is, perhaps at once. */
  ready(): void;
  /** Called instead if the end is closed or sent away. */
  fail(error: unknown): void;
}

/** Makes an end of what travelled in its place. */
export type OpenEnd = (parcel: Parcel) => End;

/** One end of a pipe. */
export class End {
  readonly wire: Wire;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly #open: OpenEnd;
  /** What has arrived and nobody has received. */
  #inbox: Arrival[] = [];
  #takers: Taker[] = [];
  readonly #watchers = new Set<Watcher>();
  #attending = false;
  /** Whether the other end is gone, and all that it sent is in the inbox. */
  #ended = false;
  /** Why it cannot be used any more; completes "Cannot send as the connection". */
  #over: string | undefined;

  /** @param open Opens the ends in its messages. */
  constructor(wire: Wire, readable: boolean, writable: boolean, open: OpenEnd = End.of) {
    this.wire = wire;
    this.readable = readable;
    this.writable = writable;
    this.#open = open;
  }

  /**
   * Makes an end of a parcel in a message that came to this thread. It is this thread's, although nobody has it yet: `hold` says that somebody does.
   *
   * @throws {TypeError} If the parcel was tampered with.
   */
  static of({ readable, writable, side, words, port, received, inbox, ended }: Parcel): End {
    const wire = port === undefined ? undefined : openPort({ side, words, port, received });
    wire?.claim();
    const end = new End(wire ?? NOTHING, readable, writable);
    end.#ended = ended;
    for (const letter of inbox) end.#arrived(letter);
    return end;
  }

  /** Whether it cannot be used any more. */
  get over(): boolean {
    return this.#over !== undefined;
  }

  /** Whether the other end is gone, and all that it sent is in the inbox. */
  get ended(): boolean {
    return this.#ended;
  }

  /** What has arrived and nobody has received. */
  get inbox(): readonly Arrival[] {
    return this.#inbox;
  }

  /** Whether a message, or the end of all messages, is there to be received. */
  get ready(): boolean {
    if (this.#inbox.length === 0) this.#look();
    return this.#inbox.length > 0 || this.#ended;
  }

  /** Makes it this thread's. */
  hold(): this {
    this.wire.hold();
    return this;
  }

  /** @throws {ConnectionError} If it cannot be used, or not in this direction. */
  require(action: string, direction?: "readable" | "writable"): void {
    if (this.#over !== undefined) throw this.#overError(action);
    if (direction === undefined || this[direction]) return;
    throw new ConnectionError(`Cannot ${action} as the connection is ${direction === "readable" ? "write-only" : "read-only"}`);
  }

  /** @throws {BrokenPipeError} If nobody reads what is sent. */
  requireReader(action: string): void {
    if (this.#ended || this.wire.broken) throw new BrokenPipeError(`Cannot ${action} as the other end of the connection is gone`);
  }

  /** The next message, once there is one. Those who wait are served in the order of their calls. */
  receive<R>({ action, refuse, open }: Reception<R>, patience: Patience): Promise<R> {
    return patiently(patience, this.wire, (settle, fail) => {
      const taker: Taker = {
        action,
        fail,
        serve(arrival) {
          const refusal = arrival === undefined ? new EOFError(`Cannot ${action} as the other end of the connection is gone`) : refuse?.(arrival.letter);
          if (arrival === undefined || refusal !== undefined) {
            fail(refusal);
            return false;
          }
          try {
            settle(open(arrival));
          } catch (error) {
            fail(error);
          }
          return true;
        },
      };
      this.#takers.push(taker);
      this.#attend();
      return {
        withdraw: () => {
          this.#takers = this.#takers.filter((one) => one !== taker);
        },
        late: () => fail(new TimeoutError(`Cannot ${action} as no message came within ${patience.timeout} ms`)),
      };
    });
  }

  /** Whether there is something to receive, at the latest after the timeout. */
  poll(action: string, patience: Patience): Promise<boolean> {
    return patiently(patience, this.wire, (settle, fail) => ({
      withdraw: this.watch({ action, ready: () => settle(true), fail }),
      late: () => settle(false),
    }));
  }

  /** Tells somebody that there is something to receive. Returns what cancels that. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    this.#attend();
    return () => this.#watchers.delete(watcher);
  }

  /** The next message that is there already. It counts as received once `wire.used` is called. */
  take(): Arrival | undefined {
    return this.ready ? this.#inbox.shift() : undefined;
  }

  /** Gives it up. Whoever has the other end receives what was sent, and then learns of it. */
  close(): void {
    if (this.#over !== undefined) return;
    const unread = this.#inbox;
    this.giveUp("is closed");
    for (const { ends } of unread) for (const end of ends) end.close();
    if (this.#ended) return;
    this.wire.close(([, , cargo]) => {
      for (const parcel of cargo ?? []) this.#open(parcel).close();
    });
  }

  /** Takes all that has arrived into the inbox. */
  collect(): void {
    while (this.#look());
  }

  /** Refuses everything from now on. Those who wait are told. */
  giveUp(reason: string): void {
    this.#over = reason;
    this.#inbox = [];
    const all = [...this.#takers, ...this.#watchers];
    this.#takers = [];
    this.#watchers.clear();
    for (const one of all) one.fail(this.#overError(one.action));
  }

  /**
   * Gives up, and returns an end that goes on in its place.
   *
   * @param before Messages that were taken, and come before those in the inbox.
   */
  replace(reason: string, before: readonly Arrival[] = []): End {
    const end = new End(this.wire, this.readable, this.writable, this.#open);
    end.#ended = this.#ended;
    end.#inbox = [...before, ...this.#inbox];
    this.giveUp(reason);
    return end;
  }

  #arrived(letter: Letter): void {
    this.#inbox.push({ letter, ends: letter[2]?.map((parcel) => this.#open(parcel)) ?? [] });
  }

  /** Takes the next message that has come; false if none has. */
  #look(): boolean {
    if (this.#ended) return false;
    // First: what was sent before the other end was gone is there by then.
    const { over } = this.wire;
    // Whoever counts as dead may still run for a moment, and send ends: either they are here by then, or it learns that nobody reads them.
    if (over) this.wire.refuse();
    const letter = this.wire.take();
    if (letter !== undefined && letter[0] !== END) {
      this.#arrived(letter);
      return true;
    }
    // Again: what was sent before that may still be on its way.
    if (letter !== undefined || (over && this.wire.over)) {
      this.#ended = true;
      this.wire.drop();
    }
    return false;
  }

  /** Lets those who wait have what is there. */
  #serve(): void {
    while (this.#takers.length > 0 && this.ready) {
      const taker = this.#takers.shift() as Taker;
      if (!taker.serve(this.#inbox[0])) continue;
      this.#inbox.shift();
      this.wire.used();
    }
    if (this.#watchers.size === 0 || !this.ready) return;
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of watchers) watcher.ready();
  }

  /** Serves those who wait, now and until nobody does. */
  #attend(): void {
    this.#serve();
    if (!this.#attending && this.#awaited) void this.#attendOn();
  }

  async #attendOn(): Promise<void> {
    this.#attending = true;
    while (this.#awaited) {
      await this.wire.change();
      this.#serve();
    }
    this.#attending = false;
  }

  get #awaited(): boolean {
    return this.#takers.length > 0 || this.#watchers.size > 0;
  }

  #overError(action: string): ConnectionError {
    return new ConnectionError(`Cannot ${action} as the connection ${this.#over}`);
  }
}

/** What is left of an end through which nothing passes any more. */
const NOTHING: Wire = {
  broken: true,
  over: true,
  moment: 0,
  foreign: false,
  hold: () => {},
  post: () => {},
  take: () => undefined,
  used: () => {},
  refuse: () => {},
  change: async () => {},
  close: () => {},
  drop: () => {},
};

/** The ends of connections. */
const ends = new WeakMap<object, End>();

/** Says whose end it is. */
export function attach(connection: object, end: End): void {
  ends.set(connection, end);
}

/** The end of a connection; undefined if it is none. */
export function endOf(connection: object): End | undefined {
  return ends.get(connection);
}
