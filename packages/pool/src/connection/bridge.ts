/**
 * Ends of pipes in other processes. An end that is sent to another process is lent: its port stays here, and what passes it
 * goes over the line between the two, under a number. Messages to the line wait for nobody, as those to ports.
 *
 * What the other process has not received is kept here, too. So an end that comes back is at once what it was, and nothing is
 * lost on the way. Where a process ends, the ends that it was lent are closed, and those that it had lent have ended.
 *
 * @module
 */
import { type Arrival, End } from "./end.ts";
import { type Destination, destinationOf, forward, type Journey, type Lender } from "./journey.ts";
import { END, type Letter, type Parcel } from "./letter.ts";
import { LineWire } from "./line-wire.ts";
import { PortWire } from "./port-wire.ts";
import { relay } from "./relay.ts";
import { nobody } from "./words.ts";

/** What goes over the line, both ways. */
export interface PipeMessage {
  readonly kind: "pipe";
  /** The number of the end. */
  readonly pipe: number;
  /** A message for it, or from it. */
  readonly letter?: Letter | undefined;
  /** How many messages were received of it. */
  readonly taken?: number | undefined;
  /** It came back: the number means nothing any more. */
  readonly returned?: boolean | undefined;
}

/** An end that is lent to the other process. */
interface Loan {
  readonly end: End;
  /** What was sent, and not received yet as far as is known. */
  readonly unread: Arrival[];
  /** How many were received before those. */
  taken: number;
  /** Sends nothing more. */
  stop(): void;
}

/** All ends that go over one line. */
export class Bridge implements Lender {
  readonly #post: (message: PipeMessage) => void;
  readonly #destination: Destination;
  /** Those of this process that the other has. */
  readonly #loans = new Map<number, Loan>();
  /** Those of the other process that are here. */
  readonly #wires = new Map<number, LineWire>();
  /** Those that were sent back, and for which messages may still come. */
  readonly #returned = new Set<number>();
  #next: number;
  #over = false;

  /**
   * @param first 0 on one side of the line, 1 on the other.
   * @param post Sends a message. Throws if it cannot be carried.
   */
  constructor(first: 0 | 1, post: (message: PipeMessage) => void) {
    this.#next = first;
    this.#post = post;
    this.#destination = { name: "another process", heir: nobody, bridge: this };
  }

  /** Whether the other process is gone. */
  get over(): boolean {
    return this.#over;
  }

  lend(end: End, parcel: Parcel, receiver: string): Journey {
    const { wire } = end;
    const home = wire instanceof LineWire && wire.lender === this ? wire : undefined;
    const pipe = home?.pipe ?? this.#next;
    if (home === undefined) this.#next += 2;
    Object.assign(parcel, { pipe, returned: home?.received, port: undefined, words: undefined, inbox: [] });
    const reason = `was sent to ${receiver}`;
    return {
      stay: () => {},
      follow: () => true,
      leave: () => {
        if (home === undefined) this.#lend(pipe, end.replace(reason));
        else {
          end.giveUp(reason);
          this.#forget(home);
        }
        return true;
      },
    };
  }

  /** Makes an end of what came over the line in its place. */
  readonly open = ({ pipe, returned, readable, writable }: Parcel): End => {
    if (typeof pipe !== "number") throw new TypeError("Cannot receive a connection from another process as its parcel was tampered with");
    if (returned !== undefined) return this.#takeBack(pipe, returned);
    return new End(this.#wire(pipe), readable, writable, this.open);
  };

  /** Sends a message. Throws if it cannot be carried. */
  send(pipe: number, parts: Omit<PipeMessage, "kind" | "pipe">): void {
    if (!this.#over) this.#post({ kind: "pipe", pipe, ...parts });
  }

  /** Takes a message from the line. */
  receive({ pipe, letter, taken, returned }: PipeMessage): void {
    if (returned === true) this.#returned.delete(pipe);
    const loan = this.#loans.get(pipe);
    if (loan !== undefined) {
      if (taken !== undefined) settle(loan, taken);
      if (letter !== undefined) this.#fromBorrower(pipe, loan, letter);
    } else if (letter !== undefined && !this.#returned.has(pipe)) this.#fromLender(pipe, letter);
  }

  /** The other process is gone. */
  close(): void {
    this.#over = true;
    for (const { end, stop } of this.#loans.values()) {
      stop();
      end.close();
    }
    for (const wire of this.#wires.values()) wire.stir();
    this.#loans.clear();
    this.#wires.clear();
  }

  /** An end that was lent to this process is closed, or has ended. */
  finish({ pipe }: LineWire): void {
    if (this.#wires.delete(pipe)) this.send(pipe, { letter: [END] });
  }

  #lend(pipe: number, end: End): void {
    const loan: Loan = { end, unread: [], taken: 0, stop: () => {} };
    this.#loans.set(pipe, loan);
    if (end.wire instanceof PortWire) end.wire.lent = true;
    const pass = (arrival: Arrival): void => void loan.unread.push(forward(arrival, (letter) => this.send(pipe, { letter }), this.#destination));
    loan.stop = relay(end, pass, () => this.send(pipe, { letter: [END] }));
  }

  #takeBack(pipe: number, taken: number): End {
    const loan = this.#loans.get(pipe);
    if (loan === undefined) throw new TypeError("Cannot take a connection back from another process as it was not lent");
    this.#loans.delete(pipe);
    this.send(pipe, { returned: true });
    loan.stop();
    settle(loan, taken);
    if (loan.end.wire instanceof PortWire) loan.end.wire.lent = false;
    // Of what nobody has received there, nothing was opened either.
    const unread = loan.unread.map(({ letter }) => ({ letter, ends: letter[2]?.map((parcel) => this.#takeBack(parcel.pipe as number, 0)) ?? [] }));
    return loan.end.replace("came back", unread);
  }

  /** The other process has sent something through an end of this one, or closed it. */
  #fromBorrower(pipe: number, loan: Loan, letter: Letter): void {
    if (letter[0] !== END) {
      forward({ letter, ends: letter[2]?.map(this.open) ?? [] }, (one, transfer) => loan.end.wire.post(one, transfer), destinationOf(loan.end));
      return;
    }
    this.#loans.delete(pipe);
    loan.stop();
    loan.end.close();
  }

  /** The other process has something for an end that it lent. */
  #fromLender(pipe: number, letter: Letter): void {
    const wire = this.#wires.get(pipe);
    const cargo = letter[2] ?? [];
    if (wire === undefined) {
      // It was closed meanwhile.
      for (const parcel of cargo) this.open(parcel).close();
      return;
    }
    // Messages for them may come before this one is received.
    for (const parcel of cargo) if (parcel.returned === undefined) this.#wire(parcel.pipe as number);
    wire.arrived(letter);
  }

  #wire(pipe: number): LineWire {
    let wire = this.#wires.get(pipe);
    if (wire === undefined) {
      wire = new LineWire(this, pipe);
      this.#wires.set(pipe, wire);
    }
    return wire;
  }

  /** An end goes back to where its port is, with all that is in messages which nobody has received. */
  #forget(wire: LineWire): void {
    this.#wires.delete(wire.pipe);
    this.#returned.add(wire.pipe);
    for (const [, , cargo = []] of wire.unread) {
      for (const { pipe = -1, returned } of cargo) {
        const inner = returned === undefined ? this.#wires.get(pipe) : undefined;
        if (inner !== undefined) this.#forget(inner);
      }
    }
  }
}

/** Forgets messages that were received. */
function settle(loan: Loan, taken: number): void {
  for (const _ of loan.unread.splice(0, taken - loan.taken)) loan.end.wire.used();
  loan.taken = taken;
}
