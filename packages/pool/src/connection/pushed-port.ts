/**
 * A port that calls back: what pages have.
 *
 * @module
 */
import { home } from "@interlock/core/base";
import { END, type Letter, UNREADABLE } from "./letter.ts";
import { MOMENT_MS, PortWire } from "./port-wire.ts";

/** After so many slices without a message, what a dead thread has sent and did not arrive never will. */
const LAST_SLICES = 3;
/** How long a message takes, at most, where nothing tells of it. */
const LOOK_MS = 1;

/** A port that calls back: pages have no other. */
export class PushedPort extends PortWire {
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
    // Later: Firefox drops what the other end, which was closed after this one, has not read by then.
    else if (letter[0] === END) setTimeout(() => this.drop(), MOMENT_MS);
    else this.#dispose(letter);
    this.#stir?.();
  }

  #slice(): void {
    if (super.broken) this.#quiet++;
    this.#stir?.();
  }
}
