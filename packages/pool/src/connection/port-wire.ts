/**
 * A pipe's `MessagePort`, which keeps the messages that nobody has taken, also while it is moved to another thread.
 *
 * No port is closed by whoever closes an end, as some runtimes then drop what the other end has not read. Who reads the last
 * message closes it, or who closes the second end.
 *
 * @module
 */
import { END, type Letter } from "./letter.ts";
import type { Wire } from "./wire.ts";
import { EndWords, type Heir, nobody, type Side } from "./words.ts";

/** How long a message that is known to be on its way may take. */
export const MOMENT_MS = 100;

/** Where a port of a pipe stands. */
export interface PortPlace {
  readonly side: Side;
  readonly words: SharedArrayBuffer | undefined;
  readonly port: MessagePort;
  /** How many messages were taken from it, modulo 2^32. */
  readonly received: number;
}

/** A port of a pipe. */
export abstract class PortWire implements Wire {
  protected port: MessagePort;
  protected received: number;
  protected readonly own: EndWords | undefined;
  protected readonly other: EndWords | undefined;
  readonly #side: Side;
  readonly #buffer: SharedArrayBuffer | undefined;

  constructor({ side, words, port, received }: PortPlace) {
    this.#side = side;
    this.#buffer = words;
    this.port = port;
    this.received = received;
    this.own = words && new EndWords(words, side);
    this.other = words && new EndWords(words, side === 0 ? 1 : 0);
  }

  abstract readonly over: boolean;
  abstract readonly moment: number;
  /** Whether the port can be moved now, with all that is on its way to it. */
  abstract readonly portable: boolean;
  abstract take(): Letter | undefined;
  abstract change(): Promise<void>;

  get broken(): boolean {
    // An end that others hold for gone sends nothing more: nobody would read it.
    return this.other !== undefined && (!this.other.lives || this.own?.gone === true);
  }

  get foreign(): boolean {
    return this.other?.foreign === true;
  }

  /** Says whether another process uses this end. */
  set lent(lent: boolean) {
    if (this.own !== undefined) this.own.foreign = lent;
  }

  /** The port, for moving it; undefined if nothing passes it any more. */
  pack(): PortPlace | undefined {
    return { side: this.#side, words: this.#buffer, port: this.port, received: this.received };
  }

  /** The same for both ends of the pipe, in every thread; undefined where threads share no memory. */
  get id(): string | undefined {
    return this.own?.id;
  }

  /** Whoever reads what is posted. */
  get heir(): Heir {
    return this.other?.heir ?? nobody;
  }

  hold(): void {
    this.own?.hold();
  }

  /** Makes the end this thread's, which has the message in which it is. */
  claim(): void {
    this.own?.claim();
  }

  abstract post(letter: Letter, transfer: readonly unknown[]): void;

  used(): void {}

  refuse(): void {
    this.own?.release();
  }

  close(dispose: (letter: Letter) => void): void {
    const alone = this.broken;
    // First: what is sent through the other end from now on is known to be lost, and what was sent before is here.
    this.refuse();
    this.post([END], []);
    for (let letter = this.take(); letter !== undefined; letter = this.take()) dispose(letter);
    // What is still on its way is disposed of when it comes.
    if (alone && !this.pending) this.drop();
  }

  drop(): void {
    this.port.close();
  }

  /** Says that the port is about to be moved. Returns the number of the journey. */
  announce(): bigint {
    return this.own?.announce() ?? 0n;
  }

  /** Says that it was not. */
  renounce(): void {
    this.own?.renounce();
  }

  /** Says that it was, and to whom. Returns whether that is known. */
  follow(journey: bigint, heir: Heir): boolean {
    return this.own?.follow(journey, heir) ?? true;
  }

  /** Whether the other end has posted messages that were not taken. */
  protected get pending(): boolean {
    return this.other !== undefined && this.other.sent !== this.received;
  }

  protected took(): void {
    this.received = (this.received + 1) | 0;
  }
}
