/**
 * An end that another process has lent to this one: its messages come over the line between the two.
 *
 * @module
 */
import { runtime } from "../runtime/select.ts";
import type { Bridge } from "./bridge.ts";
import { END, type Letter } from "./letter.ts";
import type { Wire } from "./wire.ts";

/** After so many messages the other process is told that they were received, unless it gets a message before. */
const TELL_AFTER = 16;
/** And after so many milliseconds, so that it need not keep them. */
const TELL_MS = 50;
/** How long it takes to see what the line has brought. */
const LOOK_MS = 5;

/** A lent end, at the borrower. */
export class LineWire implements Wire {
  readonly lender: Bridge;
  readonly pipe: number;
  readonly foreign = true;
  readonly moment: number = LOOK_MS;
  /** How many messages were received. */
  received = 0;
  /** How many of them the other process knows of. */
  #told = 0;
  #telling = false;
  #letters: Letter[] = [];
  /** Those that were taken, and not received. */
  readonly #taken: Letter[] = [];
  #closed = false;
  #stir: (() => void) | undefined;

  constructor(lender: Bridge, pipe: number) {
    this.lender = lender;
    this.pipe = pipe;
  }

  get broken(): boolean {
    return this.#closed || this.lender.over;
  }

  get over(): boolean {
    return this.#letters.length === 0 && this.lender.over;
  }

  /** What has come and was not received. */
  get unread(): readonly Letter[] {
    return [...this.#taken, ...this.#letters];
  }

  hold(): void {}

  post(letter: Letter): void {
    this.lender.send(this.pipe, { letter, taken: this.received });
    this.#told = this.received;
  }

  /** Takes a message from the line. */
  arrived(letter: Letter): void {
    if (letter[0] === END) this.#closed = true;
    this.#letters.push(letter);
    this.stir();
  }

  take(): Letter | undefined {
    const letter = this.#letters.shift();
    if (letter !== undefined) this.#taken.push(letter);
    return letter;
  }

  used(): void {
    this.#taken.shift();
    this.received++;
    if (this.received - this.#told >= TELL_AFTER) this.#tell();
    else if (!this.#telling) {
      this.#telling = true;
      const timer = setTimeout(() => {
        this.#telling = false;
        this.#tell();
      }, TELL_MS);
      runtime().unrefTimer(timer);
    }
  }

  refuse(): void {}

  async change(): Promise<void> {
    if (this.#letters.length > 0 || this.lender.over) return;
    await new Promise<void>((resolve) => {
      this.#stir = resolve;
    });
  }

  /** Wakes who waits for a change. */
  stir(): void {
    this.#stir?.();
  }

  close(dispose: (letter: Letter) => void): void {
    for (let letter = this.take(); letter !== undefined; letter = this.take()) dispose(letter);
    this.lender.finish(this);
  }

  drop(): void {
    this.lender.finish(this);
  }

  #tell(): void {
    if (this.#told === this.received) return;
    this.#told = this.received;
    this.lender.send(this.pipe, { taken: this.received });
  }
}
