/**
 * What one thread did so far, operation by operation, with the memory as it was right after each.
 *
 * Replay puts that memory back before it returns the result, so that plain reads between operations see again what they
 * saw the first time.
 *
 * @module
 */
import type { SharedMemory, Snapshot } from "./memory.ts";
import { describeError } from "./trace.ts";

/** What an entry is: an operation, or the beginning of a turn on an empty stack. */
export type EntryKind = string;

/** An operation that threw. */
export class Thrown {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }

  toString(): string {
    return `throws ${describeError(this.error)}`;
  }
}

export class Log {
  length = 0;
  readonly kinds: EntryKind[] = [];
  /** A byte offset, or which ticket, timer or thread the entry is about. */
  readonly addresses: number[] = [];
  readonly results: unknown[] = [];
  readonly clocks: number[] = [];
  readonly #snapshots: Snapshot[] = [];
  readonly #memory: SharedMemory;

  constructor(memory: SharedMemory) {
    this.#memory = memory;
  }

  append(kind: EntryKind, address: number, result: unknown, clock: number): void {
    const at = this.length++;
    this.kinds[at] = kind;
    this.addresses[at] = address;
    this.results[at] = result;
    this.clocks[at] = clock;
    let snapshot = this.#snapshots[at];
    if (snapshot === undefined) {
      snapshot = this.#memory.blank();
      this.#snapshots[at] = snapshot;
    }
    this.#memory.save(snapshot);
  }

  /** Puts the memory back as it was right after an entry. */
  recall(at: number): void {
    this.#memory.restore(this.#snapshots[at] as Snapshot);
  }
}
