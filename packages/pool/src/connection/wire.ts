/**
 * How messages pass between the two ends of a pipe: through a `MessagePort`, which keeps those that nobody has taken, also
 * while it is moved to another thread.
 *
 * No port is closed by whoever closes an end, as some runtimes then drop what the other end has not read. Who reads the last
 * message closes it, or who closes the second end.
 *
 * @module
 */
import { home } from "@interlock/core/base";
import type { Ports } from "../runtime/runtime.ts";
import { runtime } from "../runtime/select.ts";
import type { Lender } from "./journey.ts";
import { END, type Letter, UNREADABLE } from "./letter.ts";
import { createWords, EndWords, type Heir, nobody, type Side } from "./words.ts";

/** How long a message that is known to be on its way may take. */
const MOMENT_MS = 100;
/** After so many slices without a message, what a dead thread has sent and did not arrive never will. */
const LAST_SLICES = 3;
/** When to look again for a message that was posted and cannot be seen yet. */
const LOOK_MS = 1;

/** What an end sends and receives through. */
export interface Wire {
  /** Whether the other end is known to be gone: nobody reads what is posted. */
  readonly broken: boolean;
  /** Whether nothing comes any more that cannot be taken now. */
  readonly over: boolean;
  /** How many milliseconds to wait for what is on its way. */
  readonly moment: number;
  /** Whether the other end is in another process. */
  readonly foreign: boolean;
  /** How ends that are sent through it travel; absent if as ports. */
  readonly lender?: Lender;
  /** Makes the end this thread's. */
  hold(): void;
  /** Sends a message. MUST throw here and now if it cannot be cloned. */
  post(letter: Letter, transfer: readonly unknown[]): void;
  /** The next message that has arrived. */
  take(): Letter | undefined;
  /** The oldest message that was taken is in its receiver's hands. */
  used(): void;
  /** Resolves when there may be something to take, or nothing more to come; at the latest after a slice, if that can end unnoticed. */
  change(): Promise<void>;
  /**
   * Gives the end up, and tells the other.
   *
   * @param dispose Is given what has come and was not taken, and what comes nevertheless.
   */
  close(dispose: (letter: Letter) => void): void;
  /** Forgets about it: the other end is gone, and all that it sent was taken. */
  drop(): void;
}

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

  /** Whether the other end is about to be sent. */
  get moving(): boolean {
    return this.other?.moving === true;
  }

  hold(): void {
    this.own?.hold();
  }

  abstract post(letter: Letter, transfer: readonly unknown[]): void;

  used(): void {}

  close(dispose: (letter: Letter) => void): void {
    const alone = this.broken;
    // First: what is sent through the other end from now on is known to be lost, and what was sent before is here.
    this.own?.release();
    this.post([END], []);
    for (let letter = this.take(); letter !== undefined; letter = this.take()) dispose(letter);
    if (alone) this.drop();
  }

  drop(): void {
    this.port.close();
  }

  /** Says that the port is about to be moved. Returns the number of the journey. */
  announce(heir: Heir): bigint {
    return this.own?.announce(heir) ?? 0n;
  }

  /** Says that it was not. */
  renounce(): void {
    this.own?.renounce();
  }

  /** Says that it was, and to whom. */
  follow(journey: bigint, heir: Heir): void {
    this.own?.follow(journey, heir);
  }

  /** Says that it is in a message to this thread, on whatever journey. */
  takeBack(): void {
    this.own?.takeBack();
  }

  /** Whether the other end has posted messages that were not taken. */
  protected get pending(): boolean {
    return this.other !== undefined && this.other.sent !== this.received;
  }

  protected took(): void {
    this.received = (this.received + 1) | 0;
  }
}

/**
 * A port that nobody listens to: messages are taken from it when they are wanted, and shared memory tells when to look. Such
 * a port can be moved at any time, on every runtime.
 */
class PulledPort extends PortWire {
  readonly #ports: Ports;
  readonly #words: EndWords;
  /** Whether a message was counted, and not to be seen. */
  #missed = false;

  constructor(place: PortPlace, ports: Ports) {
    super(place);
    this.#ports = ports;
    this.#words = this.other as EndWords;
  }

  get over(): boolean {
    return this.broken;
  }

  get moment(): number {
    return this.pending ? MOMENT_MS : 0;
  }

  get portable(): boolean {
    return true;
  }

  /** Ports that the runtime has closed, as the thread of the other end is no more, cannot be moved. */
  override pack(): PortPlace | undefined {
    try {
      this.port = structuredClone(this.port, { transfer: [this.port] });
      return super.pack();
    } catch {
      return undefined;
    }
  }

  post(letter: Letter, transfer: readonly unknown[]): void {
    this.port.postMessage(this.#ports.wrap(letter), transfer as Transferable[]);
    // Not before: who sees the count looks for the message.
    this.own?.count();
  }

  take(): Letter | undefined {
    if (!this.pending) return undefined;
    try {
      const found = this.#ports.receive(this.port);
      this.#missed = found === undefined;
      if (found === undefined) return undefined;
      this.took();
      return found.message as Letter;
    } catch (error) {
      this.took();
      return [UNREADABLE, error];
    }
  }

  async change(): Promise<void> {
    if (this.#missed) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    else if ((await this.#words.more(this.received)) === "timed-out" && this.pending) home().agent.rescued();
  }
}

/** A port that calls back: pages have no other. */
class PushedPort extends PortWire {
  readonly #letters: Letter[] = [];
  #stir: (() => void) | undefined;
  #listening = false;
  /** Whether the last message has come, or the runtime says that none will. */
  #closed = false;
  /** How many slices passed without a message since the other end was gone. */
  #quiet = 0;
  #dispose: ((letter: Letter) => void) | undefined;

  override get broken(): boolean {
    return this.#closed || super.broken;
  }

  get over(): boolean {
    if (this.#letters.length > 0) return false;
    return this.#closed || (super.broken && (!this.pending || this.#quiet >= LAST_SLICES));
  }

  get moment(): number {
    if (this.other === undefined) return LOOK_MS;
    return this.pending ? MOMENT_MS : 0;
  }

  /** Firefox loses a message that is on its way to a port which is moved after somebody listened to it. */
  get portable(): boolean {
    return !this.#listening || (this.other !== undefined && !this.pending);
  }

  post(letter: Letter, transfer: readonly unknown[]): void {
    // Nothing else tells of the other end.
    if (this.other === undefined) this.#listen();
    // First, so that nothing is on its way that is not counted.
    this.own?.count();
    try {
      this.port.postMessage(letter, transfer as Transferable[]);
    } catch (error) {
      this.own?.uncount();
      throw error;
    }
  }

  take(): Letter | undefined {
    const letter = this.#letters.shift();
    if (letter !== undefined) this.took();
    return letter;
  }

  async change(): Promise<void> {
    // Not before: what nobody listens to is moved as it is.
    this.#listen();
    if (this.#letters.length > 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#stir = resolve;
    // Without shared memory nobody tells of a thread's death: there is nothing to look at.
    const timer = this.other && setTimeout(() => this.#slice(), home().agent.sliceMs);
    await promise;
    clearTimeout(timer);
  }

  override close(dispose: (letter: Letter) => void): void {
    this.#dispose = dispose;
    super.close(dispose);
    this.#listen();
  }

  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    const { port } = this;
    port.onmessage = ({ data }: MessageEvent<Letter>) => this.#arrived(data);
    port.onmessageerror = () => this.#arrived([UNREADABLE, new TypeError("Cannot recv as the message cannot be read")]);
    port.addEventListener("close", () => {
      this.#closed = true;
      this.#stir?.();
    });
  }

  #arrived(letter: Letter): void {
    this.#quiet = 0;
    if (letter[0] === END) this.#closed = true;
    if (this.#dispose === undefined) this.#letters.push(letter);
    else if (letter[0] === END) this.drop();
    else this.#dispose(letter);
    this.#stir?.();
  }

  #slice(): void {
    if (super.broken) this.#quiet++;
    this.#stir?.();
  }
}

/** Opens a port of a pipe. */
export function openPort(place: PortPlace): PortWire {
  const { ports } = runtime();
  return ports === undefined || place.words === undefined ? new PushedPort(place) : new PulledPort(place, ports);
}

/** Opens both ports of a new pipe. */
export function openPorts(): [PortWire, PortWire] {
  const { port1, port2 } = new MessageChannel();
  const words = createWords();
  return [openPort({ side: 0, words, port: port1, received: 0 }), openPort({ side: 1, words, port: port2, received: 0 })];
}
