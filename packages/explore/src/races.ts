/**
 * Finds plain cells that two threads use without order between them, by vector clocks.
 *
 * Order comes from reading what another thread wrote with `Atomics`, and from `wait` and `notify` on the same address,
 * which pass through one critical section.
 *
 * @module
 */

/** What an operation does at its address. */
export const ACQUIRE = 1;
export const RELEASE = 2;

/** Clocks by address, thread or cell, each made when first used. */
class Rows {
  readonly #used: number[][] = [];
  /** With holes, but faster than a map. */
  readonly #byKey: (number[] | undefined)[] = [];
  readonly #width: number;

  constructor(width: number) {
    this.#width = width;
  }

  at(key: number): number[] {
    return this.#byKey[key] ?? this.#make(key);
  }

  #make(key: number): number[] {
    const row = new Array<number>(this.#width).fill(0);
    this.#byKey[key] = row;
    this.#used.push(row);
    return row;
  }

  reset(): void {
    for (const row of this.#used) row.fill(0);
  }
}

export class Races {
  readonly #threads: Rows;
  readonly #words: Rows;
  readonly #lines: Rows;
  readonly #reads: Rows;
  readonly #writes: Rows;

  constructor(threads: number) {
    this.#threads = new Rows(threads);
    this.#words = new Rows(threads);
    this.#lines = new Rows(threads);
    this.#reads = new Rows(threads);
    this.#writes = new Rows(threads);
  }

  reset(): void {
    for (const rows of [this.#threads, this.#words, this.#lines, this.#reads, this.#writes]) rows.reset();
  }

  /** A thread read (`ACQUIRE`), wrote (`RELEASE`) or changed (both) a word. */
  word(thread: number, address: number, what: number): void {
    this.#sync(thread, this.#words.at(address), what, what === RELEASE);
  }

  /** A thread passed through the critical section of the waiters of an address. */
  line(thread: number, address: number): void {
    this.#sync(thread, this.#lines.at(address), ACQUIRE | RELEASE, false);
  }

  /** A thread noticed that another is dead: all that one did came before. */
  noticed(thread: number, dead: number): void {
    join(this.#threads.at(thread), this.#threads.at(dead));
  }

  #sync(thread: number, clock: number[], what: number, replaces: boolean): void {
    const mine = this.#threads.at(thread);
    if ((what & ACQUIRE) !== 0) join(mine, clock);
    if ((what & RELEASE) === 0) return;
    // A later reader of a plain store learns nothing of what was there before.
    if (replaces) clock.fill(0);
    // An epoch of 0 means "never", so clocks count from 1.
    mine[thread] = Math.max(1, mine[thread] as number);
    join(clock, mine);
    mine[thread] = (mine[thread] as number) + 1;
  }

  /** Notes that a thread uses a cell; returns a thread that used it without order between the two, or -1. */
  use(thread: number, cell: number, writes: boolean): number {
    const mine = this.#threads.at(thread);
    mine[thread] = Math.max(1, mine[thread] as number);
    const clash = writes
      ? Math.max(unordered(this.#writes.at(cell), mine, thread), unordered(this.#reads.at(cell), mine, thread))
      : unordered(this.#writes.at(cell), mine, thread);
    (writes ? this.#writes : this.#reads).at(cell)[thread] = mine[thread] as number;
    return clash;
  }
}

function join(into: number[], from: readonly number[]): void {
  for (let i = 0; i < into.length; i++) if ((from[i] as number) > (into[i] as number)) into[i] = from[i] as number;
}

/** A thread whose last use is not known to `mine`, or -1. */
function unordered(uses: readonly number[], mine: readonly number[], thread: number): number {
  for (let i = 0; i < uses.length; i++) if (i !== thread && (uses[i] as number) > (mine[i] as number)) return i;
  return -1;
}
