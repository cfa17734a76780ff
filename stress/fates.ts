/**
 * What calls to a pool are to do, and how often each ran: in memory that threads share, or in files, which processes have, too.
 * The initializer brings it to the workers, so the calls themselves can be as plain as those that travel fastest.
 *
 * @module
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How many calls there can be. */
export const MOST = 1 << 23;

/** Where it is: memory, or the name of a file. */
export type Place = SharedArrayBuffer | string;

/** What a worker needs of it. */
export interface CallFates {
  doomOf(id: number): number;
  /** A call begins. */
  begins(id: number): void;
}

/** What the caller needs of it. */
export interface Fates {
  /** For the workers. */
  readonly places: readonly [dooms: Place, runs: Place];
  setDoom(id: number, doom: number): void;
  /** How often a call ran, as far as `look` has seen. */
  runsOf(id: number): number;
  look(): void;
  dispose(): void;
}

/** The fates that are in those places. */
export function fatesIn(dooms: Place, runs: Place): CallFates {
  if (typeof dooms !== "string") {
    // The memory comes, not views of it: Deno takes a long time to receive a large view.
    const [doom, count] = [new Uint8Array(dooms), new Int32Array(runs as SharedArrayBuffer)];
    return { doomOf: (id) => doom[id] as number, begins: (id) => void Atomics.add(count, id, 1) };
  }
  const [doomFile, runFile] = [openSync(dooms, "r"), openSync(runs as string, "a")];
  const [doom, word] = [new Uint8Array(1), new Uint32Array(1)];
  return {
    doomOf: (id) => (readSync(doomFile, doom, 0, 1, id) === 0 ? 0 : (doom[0] as number)),
    begins(id) {
      word[0] = id;
      writeSync(runFile, word);
    },
  };
}

export class SharedFates implements Fates {
  readonly places: readonly [SharedArrayBuffer, SharedArrayBuffer] = [new SharedArrayBuffer(MOST), new SharedArrayBuffer(MOST * 4)];
  readonly #dooms: Uint8Array = new Uint8Array(this.places[0]);
  readonly #runs: Int32Array = new Int32Array(this.places[1]);

  setDoom(id: number, doom: number): void {
    this.#dooms[id] = doom;
  }

  runsOf(id: number): number {
    return Atomics.load(this.#runs, id);
  }

  look(): void {}
  dispose(): void {}
}

const PIECE = 1 << 14;

export class FiledFates implements Fates {
  readonly places: readonly [string, string];
  readonly #folder: string = mkdtempSync(join(tmpdir(), "interlock-fates-"));
  readonly #dooms: number;
  readonly #runs: number;
  readonly #counts: Int32Array = new Int32Array(MOST);
  readonly #piece: Uint32Array = new Uint32Array(PIECE);
  #seen = 0;

  constructor() {
    this.places = [join(this.#folder, "dooms"), join(this.#folder, "runs")];
    this.#dooms = openSync(this.places[0], "w");
    this.#runs = openSync(this.places[1], "w+");
  }

  setDoom(id: number, doom: number): void {
    writeSync(this.#dooms, Uint8Array.of(doom), 0, 1, id);
  }

  runsOf(id: number): number {
    return this.#counts[id] as number;
  }

  look(): void {
    const piece = new Uint8Array(this.#piece.buffer);
    for (let length = PIECE; length === PIECE; ) {
      // Half a word may be there of one that is being written; the next look sees all of it.
      length = readSync(this.#runs, piece, 0, piece.length, 4 * this.#seen) >> 2;
      for (let i = 0; i < length; i++) this.#counts[this.#piece[i] as number] = this.runsOf(this.#piece[i] as number) + 1;
      this.#seen += length;
    }
  }

  dispose(): void {
    closeSync(this.#dooms);
    closeSync(this.#runs);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
