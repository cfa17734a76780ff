/**
 * How often each call of a pool has run, kept where it outlives whoever ran it. A run is noted before it does anything else.
 *
 * @module
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The caller's side. */
export interface Runs {
  /** What a worker needs to open it. */
  readonly place: SharedArrayBuffer | string;
  /** How often a call has run: at least whether it has, and in full after `update`. */
  of(id: number): number;
  update(): void;
}

/** Notes a run, in a worker. */
export type NoteRun = (id: number) => void;

/** In memory, for threads. */
export class SharedRuns implements Runs {
  readonly place: SharedArrayBuffer;
  readonly #counts: Int32Array;

  /** @param most How many calls there can be. */
  constructor(most: number) {
    this.place = new SharedArrayBuffer(most * 4);
    this.#counts = new Int32Array(this.place);
  }

  of(id: number): number {
    return Atomics.load(this.#counts, id);
  }

  update(): void {}
}

/**
 * In a file, for processes: a list of words, each added by one write. One that is not below 0 is the number of a call that runs;
 * one that is, the negated number of a process that has started.
 */
export class FiledRuns implements Runs {
  readonly place: string;
  /** The processes that have started. */
  readonly started: Set<number> = new Set();
  readonly #directory: string;
  readonly #file: number;
  readonly #counts: Uint8Array;
  readonly #words = new Int32Array(4096);
  readonly #bytes = new Uint8Array(this.#words.buffer);
  #read = 0;

  constructor(most: number) {
    this.#directory = mkdtempSync(join(tmpdir(), "interlock-runs-"));
    this.place = join(this.#directory, "runs");
    this.#file = openSync(this.place, "a+");
    this.#counts = new Uint8Array(most);
  }

  of(id: number): number {
    if (this.#counts[id] === 0) this.update();
    return this.#counts[id] as number;
  }

  /** Takes in all that was added by now. */
  update(): void {
    for (let length = this.#next(); length > 0; length = this.#next()) {
      for (const word of this.#words.subarray(0, length)) {
        if (word < 0) this.started.add(-word);
        else (this.#counts[word] as number)++;
      }
    }
  }

  /** Call it when no worker has it open. */
  close(): void {
    closeSync(this.#file);
    rmSync(this.#directory, { recursive: true });
  }

  /** How many words were read. */
  #next(): number {
    const length = readSync(this.#file, this.#bytes, 0, this.#bytes.length, this.#read) >> 2;
    this.#read += length * 4;
    return length;
  }
}

/** The worker's side. */
export function openRuns(place: SharedArrayBuffer | string): NoteRun {
  // The memory, not a view of it, travels: Deno takes a long time to receive a large view.
  if (typeof place !== "string") {
    const counts = new Int32Array(place);
    return (id) => void Atomics.add(counts, id, 1);
  }
  const file = openSync(place, "a");
  const note = (word: number): void => void writeSync(file, Int32Array.of(word));
  note(-process.pid);
  return note;
}
