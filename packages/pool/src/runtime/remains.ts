/**
 * What a process that has ended had still on its way to its parent.
 *
 * @module
 */
import type { Readable } from "node:stream";

/** How often is looked whether anything came. Between two looks, the event loop reads all that is there. */
const LOOK_MS = 20;

/** After so many looks in a row nothing more comes. The first may be late, and followed by what came before it. */
const SILENT_LOOKS = 3;

/** A process leaves behind no more than the system buffers: whatever comes after so many looks is of somebody else. */
const MOST_LOOKS = 20;

/** Streams from a process. */
export class Remains {
  readonly #open: Set<Readable>;
  #heard = false;
  #taken: (() => void) | undefined;

  /** @param streams Those that must be read to the end. They flow. */
  constructor(streams: readonly Readable[]) {
    this.#open = new Set(streams);
    for (const stream of streams) {
      const end = (): void => {
        this.#open.delete(stream);
        if (this.#open.size === 0) this.#finish();
      };
      stream.on("data", () => {
        this.#heard = true;
      });
      stream.on("end", end);
      stream.on("close", end);
    }
  }

  /**
   * Calls back once all was read that the process had written. Call it after its end.
   *
   * That is when all streams have ended. A process of its own that has outlived it may have them too, and keep them open: then,
   * when nothing comes any more.
   */
  whenTaken(callback: () => void): void {
    this.#taken = callback;
    if (this.#open.size === 0) this.#finish();
    else this.#look(0, 0);
  }

  #look(looks: number, silent: number): void {
    if (this.#taken === undefined) return;
    if (silent === SILENT_LOOKS || looks === MOST_LOOKS) {
      this.#finish();
      return;
    }
    this.#heard = false;
    setTimeout(() => this.#look(looks + 1, this.#heard ? 0 : silent + 1), LOOK_MS);
  }

  #finish(): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }
}
