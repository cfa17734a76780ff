/**
 * How an end travels to another thread: its port is moved, with what has arrived. An end that cannot be moved stays, and
 * relays.
 *
 * An end is here until the message that it is in is posted, and gone then; so are the ends in messages that nobody has received,
 * which travel with it.
 *
 * @module
 */
import { ConnectionError } from "../errors.ts";
import { runtime } from "../runtime/select.ts";
import { type Arrival, End } from "./end.ts";
import { BYTES, type Letter, type Parcel, UNREADABLE } from "./letter.ts";
import { PortWire } from "./port-wire.ts";
import { openPorts } from "./ports.ts";
import { relay } from "./relay.ts";
import { type Heir, nobody } from "./words.ts";

/** How soon ends are followed whose reader is not known yet, first and at most. */
const SOON_MS = 1;
const SLICE_MS = 50;

/** Who reads a message. */
export interface Destination {
  /** What to call it in errors: completes "the connection was sent to". */
  readonly name: string;
  /** The reader's seat; nobody's, if it is another process. */
  readonly heir: Heir;
  /** How ends travel to another process. */
  readonly bridge?: Lender | undefined;
  /** The pipe through which the message goes. */
  readonly pipe?: string | undefined;
}

/** What ends travel to another process by. */
export interface Lender {
  /** As `depart`. */
  lend(end: End, parcel: Parcel, receiver: string): Journey;
}

/** An end that is about to leave. */
export interface Journey {
  /** The message could not be posted. */
  stay(): void;
  /** The message was posted. Returns whether it is known who reads it. */
  leave(): boolean;
  /** As `leave`, once more. */
  follow(): boolean;
}

/** Whoever reads what is sent through an end. */
export function destinationOf({ wire }: End): Destination {
  const name = "the other end of a connection";
  return wire instanceof PortWire ? { name, heir: wire.heir, pipe: wire.id } : { name, heir: nobody, bridge: wire.lender };
}

/** An end, and the parcel that it travels in. */
export type Passenger = readonly [end: End, parcel: Parcel];

/**
 * Sends ends with a message.
 *
 * @param transfer The transfer list of the message; added to before `post` is called.
 * @throws What `post` throws, and a `ConnectionError` if an end cannot travel. All ends are as they were then.
 */
export function travel(passengers: Iterable<Passenger>, transfer: unknown[], to: Destination, post: () => void): void {
  const journeys: Journey[] = [];
  try {
    for (const passenger of passengers) journeys.push(depart(passenger, transfer, to));
    post();
  } catch (error) {
    for (const journey of journeys) journey.stay();
    throw error;
  }
  followLater(journeys.filter((journey) => !journey.leave()));
}

/** Follows ends that were sent through one which was about to be sent itself, until that has happened. */
function followLater(journeys: readonly Journey[], delay: number = SOON_MS): void {
  if (journeys.length === 0) return;
  const timer = setTimeout(() => {
    const left = journeys.filter((journey) => !journey.follow());
    followLater(left, Math.min(2 * delay, SLICE_MS));
  }, delay);
  // Mostly it takes a moment, after which this thread may end: before, what it has sent would be lost.
  if (delay === SLICE_MS) runtime().unrefTimer(timer);
}

/** Gets an end ready to be sent: fills its parcel in, and adds to the transfer list. */
function depart([end, parcel]: Passenger, transfer: unknown[], to: Destination): Journey {
  if (to.bridge !== undefined) return to.bridge.lend(end, parcel, to.name);
  const { wire } = end;
  // Nobody could ever receive it; an end that has ended is no exception, lest it depend on how soon that is noticed.
  if (to.pipe !== undefined && wire instanceof PortWire && wire.id === to.pipe) throw new ConnectionError("Cannot send a connection through its own pipe");
  if (end.ended) return new Move(end, undefined, parcel, transfer, to);
  return wire instanceof PortWire && wire.portable ? new Move(end, wire, parcel, transfer, to) : splice(end, parcel, transfer, to);
}

/** Moves a port. */
class Move implements Journey {
  readonly #end: End;
  /** Absent if nothing passes it any more. */
  readonly #wire: PortWire | undefined;
  readonly #to: Destination;
  readonly #number: bigint;
  /** Those of the ends in messages that nobody has received. */
  readonly #inside: Journey[] = [];

  constructor(end: End, wire: PortWire | undefined, parcel: Parcel, transfer: unknown[], to: Destination) {
    this.#end = end;
    this.#wire = wire;
    this.#to = to;
    // First: ends that are sent through this one from now on follow it, and those before are taken here.
    this.#number = wire?.announce() ?? 0n;
    end.collect();
    const place = end.ended ? undefined : wire?.pack();
    const inbox = end.inbox.map(({ letter }) => letter);
    Object.assign(parcel, { ...place, port: place?.port, inbox, ended: place === undefined, pipe: undefined, returned: undefined });
    if (place !== undefined) transfer.push(place.port);
    try {
      for (const arrival of end.inbox) {
        transfer.push(...(arrival.letter[3] ?? []));
        for (const passenger of passengersOf(arrival)) this.#inside.push(depart(passenger, transfer, to));
      }
    } catch (error) {
      this.stay();
      throw error;
    }
  }

  stay(): void {
    this.#wire?.renounce();
    for (const inner of this.#inside) inner.stay();
  }

  leave(): boolean {
    this.#end.giveUp(`was sent to ${this.#to.name}`);
    return this.#all((inner) => inner.leave());
  }

  follow(): boolean {
    return this.#all((inner) => inner.follow());
  }

  #all(go: (inner: Journey) => boolean): boolean {
    const known = this.#wire?.follow(this.#number, this.#to.heir) ?? true;
    return this.#inside.map(go).every(Boolean) && known;
  }
}

/** The ends in a message. */
function passengersOf({ letter: [, , cargo = []], ends }: Arrival): Passenger[] {
  return ends.map((end, i) => [end, cargo[i] as Parcel]);
}

/** Sends an end of another pipe in the place of one that cannot be moved, and passes everything on. */
function splice(end: End, parcel: Parcel, transfer: unknown[], to: Destination): Journey {
  const [near, far] = openPorts();
  const here = new End(near, true, true).hold();
  const there = new End(far, true, true).hold();
  const journey = new Move(there, far, parcel, transfer, to);
  return {
    stay() {
      journey.stay();
      for (const one of [here, there]) one.close();
    },
    leave() {
      const known = journey.leave();
      join(end.replace(`was sent to ${to.name}`), here);
      return known;
    },
    follow: () => journey.follow(),
  };
}

/** Passes everything on between two ends, until one of them is over. */
function join(a: End, b: End): void {
  const over = (): void => {
    for (const one of [a, b]) one.close();
  };
  for (const [from, to] of [
    [a, b],
    [b, a],
  ] as const) {
    const destination = destinationOf(to);
    const post = (letter: Letter, transfer: readonly unknown[]): void => to.wire.post(letter, transfer);
    const pass = (arrival: Arrival): void => {
      forward(arrival, post, destination);
      from.wire.used();
    };
    relay(from, pass, over);
  }
}

/**
 * Sends a message on that was received elsewhere. If it cannot be, its receiver learns why.
 *
 * @returns What was sent.
 */
export function forward(arrival: Arrival, post: (letter: Letter, transfer: readonly unknown[]) => void, to: Destination): Arrival {
  const { letter, ends } = arrival;
  const [kind, data, , moved = []] = letter;
  const transfer: unknown[] = [...moved];
  if (kind === BYTES && to.bridge === undefined) transfer.push((data as Uint8Array).buffer);
  try {
    travel(passengersOf(arrival), transfer, to, () => post(letter, transfer));
    return arrival;
  } catch (cause) {
    for (const end of ends) end.close();
    const reason = cause instanceof Error ? cause.message : String(cause);
    const excuse: Letter = [UNREADABLE, new TypeError(`Cannot recv as the message could not be passed on: ${reason}`)];
    post(excuse, []);
    return { letter: excuse, ends: [] };
  }
}
