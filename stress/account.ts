/**
 * Which items were put and which were got, in plain shared memory that outlives whoever did it.
 *
 * Of each producer three words and a mark for each of its latest items, in which one bit says that its put has returned,
 * another that somebody got it. A mark is judged when it is used again, or at the end: until then, more items have passed
 * than any queue here holds.
 *
 * @module
 */
import { RawArray } from "@interlock/core";
import type { Label } from "./items.ts";
import type { Lane } from "./lane.ts";

const MARKS: number = 2 ** 20;
const PUT = 1;
const GOT = 2;

const WORDS = 3;
/** How many items it has begun to put. */
const BEGUN = 0;
/** Of the marks that were judged: how many items were put and never got, and how many got whose put never returned. */
const LOST = 1;
const UNCONFIRMED = 2;
const BYTES: number = WORDS * 4 + MARKS;

/** What came of all items. */
export interface Settlement {
  readonly lost: number;
  readonly unconfirmed: number;
}

export class Account {
  /** What others open it by. */
  readonly board: RawArray<"int32">;
  readonly #producers: number;
  readonly #words: Int32Array;
  readonly #marks: Uint8Array;

  /** Opens an account for so many producers, or the one on a board. */
  constructor(from: number | RawArray<"int32">) {
    this.board = typeof from === "number" ? new RawArray("int32", (from * BYTES) / 4) : from;
    const { buffer, byteOffset, byteLength } = this.board.view;
    this.#producers = byteLength / BYTES;
    this.#words = new Int32Array(buffer, byteOffset, this.#producers * WORDS);
    this.#marks = new Uint8Array(buffer, byteOffset + this.#producers * WORDS * 4, this.#producers * MARKS);
  }

  /** The label of the item that a producer puts next, after all that it or a dead predecessor has begun. */
  begin(producer: number): Label {
    const sequence = Atomics.load(this.#words, producer * WORDS + BEGUN);
    this.#judge(producer, sequence);
    Atomics.store(this.#words, producer * WORDS + BEGUN, sequence + 1);
    return { producer, sequence };
  }

  /** Says that the put of an item has returned. */
  put({ producer, sequence }: Label): void {
    Atomics.or(this.#marks, at(producer, sequence), PUT);
  }

  /** Says that an item was got. */
  got(lane: Pick<Lane, "check">, { producer, sequence }: Label): void {
    const begun = Atomics.load(this.#words, producer * WORDS + BEGUN);
    lane.check(producer < this.#producers && sequence < begun, () => `Item ${sequence} of producer ${producer} was got, who began ${begun}`);
    const mark = Atomics.or(this.#marks, at(producer, sequence), GOT);
    lane.check((mark & GOT) === 0, () => `Item ${sequence} of producer ${producer} was got twice`);
  }

  /** Call it once nobody puts or gets any more. */
  settle(): Settlement {
    let [lost, unconfirmed] = [0, 0];
    for (let producer = 0; producer < this.#producers; producer++) {
      const begun = this.#words[producer * WORDS + BEGUN] as number;
      for (let mark = 0; mark < Math.min(begun, MARKS); mark++) this.#judge(producer, mark);
      lost += this.#words[producer * WORDS + LOST] as number;
      unconfirmed += this.#words[producer * WORDS + UNCONFIRMED] as number;
    }
    return { lost, unconfirmed };
  }

  #judge(producer: number, sequence: number): void {
    const mark = Atomics.exchange(this.#marks, at(producer, sequence), 0);
    if (mark === PUT) Atomics.add(this.#words, producer * WORDS + LOST, 1);
    if (mark === GOT) Atomics.add(this.#words, producer * WORDS + UNCONFIRMED, 1);
  }
}

function at(producer: number, sequence: number): number {
  return producer * MARKS + (sequence % MARKS);
}

/** What one consumer got last of each producer: what it gets next must have been put later. */
export class Order {
  readonly #last = new Map<number, number>();

  check(lane: Lane, { producer, sequence }: Label): void {
    const last = this.#last.get(producer) ?? -1;
    lane.check(sequence > last, () => `Item ${sequence} of producer ${producer} came after its item ${last}`);
    this.#last.set(producer, sequence);
  }
}
