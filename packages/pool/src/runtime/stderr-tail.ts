/**
 * The last that a process wrote to its standard error: passed on, and kept for the error that tells of its death.
 *
 * @module
 */
import type { Readable } from "node:stream";

const KEPT_BYTES = 4096;

/** Passes on what a process writes there, and keeps the end of it. */
export class StderrTail {
  readonly stream: Readable;
  #pieces: Uint8Array[] = [];
  #length = 0;

  /** @param stream Its standard error. */
  constructor(stream: Readable) {
    this.stream = stream;
    stream.on("data", (piece: Uint8Array) => {
      passOn(piece);
      this.#keep(piece);
    });
    // It is gone, or whoever reads ours is.
    stream.on("error", () => {});
    (stream as { unref?: () => void }).unref?.();
  }

  /** The end of what it wrote, at most 4 KiB; undefined if it wrote nothing. */
  get text(): string | undefined {
    if (this.#length === 0) return undefined;
    const bytes = Buffer.concat(this.#pieces).subarray(-KEPT_BYTES);
    return new TextDecoder().decode(bytes);
  }

  #keep(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#length += piece.length;
    while (this.#length - (this.#pieces[0]?.length ?? 0) >= KEPT_BYTES) this.#length -= this.#pieces.shift()?.length ?? 0;
  }
}

/** Nobody may read our own standard error any more, as nobody then reads what the console writes: neither ends the program. */
function passOn(piece: Uint8Array): void {
  const { stderr } = process;
  stderr.write(piece, (error) => {
    if (error && stderr.listenerCount("error") === 0) stderr.once("error", () => {});
  });
}
