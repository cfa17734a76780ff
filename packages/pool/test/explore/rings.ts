/**
 * What a writer and a reader do with a ring, and what must hold.
 *
 * Each word of a record has a shadow among the explorer's cells, so that whoever touches room that is not its own is a race.
 *
 * @module
 */
import type { Context, Scenario } from "@interlock/explore";
import { FORM, type RingPlace, RingReader, RingWriter, ringBytes } from "../../src/channel/ring.ts";

/** Words of a ring, see `ring`: what both ends sleep on here, as nothing in a ring ever waits. */
const TAIL = 0;
const HEAD = 16;

/** Any form that is no SKIP. */
const PLAIN = 1;
const SLICE_MS = 50;

/** Cells behind the shadows of a ring that begins there: how many records were committed, and how many were read. */
const committedOf = ({ offset }: RingPlace): number => 1000 + offset;
export const readOf = ({ offset }: RingPlace): number => 1001 + offset;

/** How the ends are made: the real ones, or some with a mistake. */
export interface Ends {
  writer(place: RingPlace): RingWriter;
  reader(place: RingPlace): RingReader;
}

export const realEnds: Ends = {
  writer: (place) => new RingWriter(place),
  reader: (place) => new RingReader(place),
};

/** Puts the ends of an empty ring where they would be after so many bytes. */
export function startAt({ buffer, offset }: RingPlace, position: number): void {
  const control = new Int32Array(buffer, offset);
  control[TAIL] = position;
  control[HEAD] = position;
}

/** One end as a thread holds it. */
interface Held<End> {
  readonly place: RingPlace;
  readonly control: Int32Array;
  readonly end: End;
  /** Who has the other end. */
  readonly other: number;
}

const hold = <End>(place: RingPlace, end: End, other: number): Held<End> => ({ place, control: new Int32Array(place.buffer, place.offset), end, other });

/** Writes record `n`, after it has waited for room where there is none; false if the reader is dead. */
function put(c: Context, { place, control, end, other }: Held<RingWriter>, n: number, size: number): boolean {
  let at = end.reserve(size);
  while (at < 0) {
    const seen = Atomics.load(control, HEAD);
    at = end.reserve(size);
    if (at >= 0) break;
    if (!c.alive(other)) return false;
    Atomics.wait(control, HEAD, seen, SLICE_MS);
  }
  c.assert(end.words[at] === size, "its size is noted");
  end.words[at + FORM] = PLAIN;
  for (let word = 2; word < size / 4; word++) {
    end.words[at + word] = n;
    c.set(at + word, n);
    c.mark();
  }
  end.commit();
  c.set(committedOf(place), n);
  Atomics.notify(control, TAIL);
  return true;
}

/** Reads record `n`, after it has waited for it; false if the writer died before it sent that. */
function take(c: Context, { place, control, end, other }: Held<RingReader>, n: number, size: number): boolean {
  let at = end.peek();
  while (at < 0) {
    const seen = Atomics.load(control, TAIL);
    const alive = c.alive(other);
    at = end.peek();
    if (at >= 0) break;
    if (!alive) return false;
    Atomics.wait(control, TAIL, seen, SLICE_MS);
  }
  c.assert(!end.empty, "a record is there");
  c.assert(end.words[at] === size, `record ${n} has ${end.words[at]} bytes, not ${size}`);
  for (let word = 2; word < size / 4; word++) {
    const [there, shadow] = [end.words[at + word], c.get(at + word)];
    c.assert(there === n && shadow === n, `record ${n} has ${there} in word ${word}`);
    c.mark();
  }
  end.release();
  c.set(readOf(place), n);
  Atomics.notify(control, HEAD);
  return true;
}

/** Writes records of these sizes, numbered from 1. */
export function write(c: Context, place: RingPlace, sizes: readonly number[], reader: number, ends: Ends = realEnds): void {
  const held = hold(place, ends.writer(place), reader);
  for (const [i, size] of sizes.entries()) if (!put(c, held, i + 1, size)) return;
}

/** Reads all records, or as many as a writer that dies has sent. */
export function read(c: Context, place: RingPlace, sizes: readonly number[], writer: number, ends: Ends = realEnds): void {
  const held = hold(place, ends.reader(place), writer);
  for (const [i, size] of sizes.entries()) if (!take(c, held, i + 1, size)) return;
  c.assert(held.end.empty && held.end.peek() < 0, "nothing is left");
}

/** Reads records from one ring, and writes as many to another. */
export function relay(c: Context, from: RingPlace, to: RingPlace, sizes: readonly number[], [writer, reader]: readonly [number, number]): void {
  const source = hold(from, new RingReader(from), writer);
  const target = hold(to, new RingWriter(to), reader);
  for (const [i, size] of sizes.entries()) if (!take(c, source, i + 1, size) || !put(c, target, i + 1, size)) return;
}

/** How a ring lies, and what goes through it. */
export interface Flow {
  readonly capacity: number;
  readonly sizes: readonly number[];
  readonly position?: number;
  readonly deaths?: Scenario["deaths"];
  readonly ends?: Ends;
}

/** One writes, one reads. */
export function flow({ capacity, sizes, position = 0, deaths, ends }: Flow): Scenario {
  const placeOf = (buffer: SharedArrayBuffer): RingPlace => ({ buffer, offset: 0, capacity });
  return {
    threads: 2,
    bytes: ringBytes(capacity),
    setup: ({ buffer }) => startAt(placeOf(buffer), position),
    thread: (c) => (c.id === 0 ? write(c, placeOf(c.buffer), sizes, 1, ends) : read(c, placeOf(c.buffer), sizes, 0, ends)),
    final(c) {
      const [committed, got] = [c.get(committedOf(placeOf(c.buffer))), c.get(readOf(placeOf(c.buffer)))];
      if (deaths === undefined) c.assert(committed === sizes.length && got === committed, `${got} read of ${committed}`);
      // A thread that dies right after its last step does not come to note it.
      else if (deaths.threads[0] === 0) c.assert(got === committed || got === committed + 1, `${got} read of ${committed}`);
    },
    ...(deaths === undefined ? {} : { deaths }),
  };
}
