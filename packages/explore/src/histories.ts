/**
 * Tells states apart, exactly: what a thread has done and seen is a path in a tree, and each node has a number.
 *
 * What it may have seen without asking, by plain reads, are the bytes that no operation ever touches: they are part of
 * the path. A word that is read both ways would have to be, too, but then hardly two paths would be equal.
 *
 * @module
 */
import type { Coroutine } from "./coroutine.ts";
import type { SharedMemory } from "./memory.ts";
import type { Model } from "./model.ts";

/** Numbers strings: the same number for the same text. */
class Numbers {
  readonly #known = new Map<string, number>();

  of(text: string): number {
    let number = this.#known.get(text);
    if (number === undefined) {
      number = this.#known.size + 1;
      this.#known.set(text, number);
    }
    return number;
  }
}

/** Numbers the contents of some bytes. Most of the time they are what they were, and that is cheap to see. */
class Contents {
  readonly #numbers = new Numbers();
  #last: number[] = [];
  #number = 0;

  of(bytes: Uint8Array, where: readonly number[]): number {
    const last = this.#last;
    let same = last.length === where.length;
    for (let i = 0; same && i < where.length; i++) same = bytes[where[i] as number] === last[i];
    if (!same) {
      this.#last = where.map((at) => bytes[at] as number);
      this.#number = this.#numbers.of(this.#last.join());
    }
    return this.#number;
  }
}

export class Histories {
  readonly #memory: SharedMemory;
  readonly #nodes = new Numbers();
  readonly #plainContents = new Contents();
  readonly #allContents = new Contents();
  readonly #all: readonly number[];
  /** Which bytes no operation has touched yet. It only shrinks: paths that hold more than they must do no harm. */
  #plain: number[];
  readonly #touched: boolean[] = [];

  constructor(memory: SharedMemory) {
    this.#memory = memory;
    this.#all = Array.from(memory.bytes.keys());
    this.#plain = [...this.#all];
  }

  /** An operation touches some bytes. */
  touch(address: number, length: number): void {
    if (this.#touched[address] === true) return;
    this.#touched[address] = true;
    this.#plain = this.#plain.filter((at) => at < address || at >= address + length);
  }

  /** The node behind one more operation. */
  extend(parent: number, kind: string, address: number, result: unknown, clock: number): number {
    return this.#nodes.of(`${parent}|${kind}|${address}|${String(result)}|${clock}|${this.#plainContents.of(this.#memory.bytes, this.#plain)}`);
  }

  /** Everything that decides what can follow. */
  describe(model: Model, coroutines: readonly Coroutine[]): string {
    const threads = coroutines.map(({ thread, history }) => {
      const jobs = thread.jobs.map((job) => `${job.index}${"result" in job ? job.result : ""}`);
      return `${history},${thread.state},${thread.ended},${thread.woken},${jobs.join()}`;
    });
    const sleepers = model.sleepers.map(({ thread, index, address, deadline }) => `${thread.id},${index},${address},${deadline}`);
    const timers = model.timers.map(({ thread, index, deadline }) => `${thread.id},${index},${deadline}`);
    const { bytes, cells } = this.#memory;
    const contents = this.#allContents.of(bytes, this.#all);
    return [threads.join(";"), sleepers.join(";"), timers.join(";"), model.clock, cells.join(), contents].join("|");
  }
}
