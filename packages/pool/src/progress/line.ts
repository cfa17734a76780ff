/**
 * The line of a terminal that a bar is drawn on.
 *
 * Drawn only when there is news: no timer runs, and the cursor is never hidden, so that nothing is left to repair however
 * the program ends. What others write meanwhile stays, as the next drawing erases the cursor's line and no other.
 *
 * @module
 */
import process from "node:process";
import ora, { type Ora } from "ora";

/** What of a terminal's stream is used: `process.stderr` and `process.stdout` are such. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): boolean;
  cursorTo(column: number): boolean;
  moveCursor(columns: number, rows: number): boolean;
  clearLine(direction: -1 | 0 | 1): boolean;
  once(event: "drain", listener: () => void): unknown;
  removeListener(event: "drain", listener: () => void): unknown;
}

/** Where nobody tells how wide a terminal is. */
const USUAL_COLUMNS = 80;

/** What stands before the text: a sign of life, or of the end. */
const MARK_COLUMNS = 2;

/** The lines on each terminal that have not ended, in the order in which they began. Only the last of them is drawn. */
const linesOn = new WeakMap<TerminalStream, Line[]>();

/** A line that is drawn again and again. */
export class Line {
  readonly #stream: TerminalStream;
  readonly #ora: Ora;

  constructor(stream: TerminalStream) {
    this.#stream = stream;
    const color = process.env["NO_COLOR"] ? false : "cyan";
    this.#ora = ora({ stream: stream as unknown as NodeJS.WritableStream, color, hideCursor: false, discardStdin: false });
  }

  /** Whether somebody looks at it: not at a file or a pipe, nor in continuous integration. */
  get visible(): boolean {
    return this.#ora.isEnabled;
  }

  /** How many columns its text may take: one stays free, as terminals differ in what follows the last. */
  get room(): number {
    return (this.#stream.columns || USUAL_COLUMNS) - MARK_COLUMNS - 1;
  }

  /** Shows a text instead of the last. */
  draw(text: string): void {
    const lines = this.#lines;
    this.#ora.text = text;
    if (!lines.includes(this)) {
      lines.at(-1)?.hide();
      lines.push(this);
    }
    if (lines.at(-1) === this) this.show();
  }

  /** Leaves the text there for good, marked as a success or not. */
  keep(text: string, success: boolean): void {
    this.#leave(() => (success ? this.#ora.succeed(text) : this.#ora.fail(text)));
  }

  /** Leaves nothing. */
  erase(): void {
    this.#leave(() => this.#ora.stop());
  }

  /** Draws it as it is. */
  show(): void {
    // A text would be infinitely high on a terminal that has no columns yet, and take as long to erase.
    if (this.#stream.columns !== 0) this.#ora.render();
  }

  /** Takes it away until it is drawn again. */
  hide(): void {
    this.#ora.clear();
  }

  get #lines(): Line[] {
    const lines = linesOn.get(this.#stream) ?? [];
    linesOn.set(this.#stream, lines);
    return lines;
  }

  #leave(end: () => void): void {
    const lines = this.#lines;
    lines.at(-1)?.hide();
    if (lines.includes(this)) lines.splice(lines.indexOf(this), 1);
    end();
    lines.at(-1)?.show();
  }
}
