/**
 * Rings written for one purpose: items of 64 bytes, copied as they are. What a queue that carries any value is measured
 * against. Both sleep when they have to, and notify only if somebody sleeps.
 *
 * @module
 */

/** Words of an item. */
export const ITEM = 16;

const SLOTS = 1024;
const MASK = SLOTS - 1;

// Words, each on a line of its own.
const HEAD = 0;
const TAIL = 16;
/** How many sleep until there is an item, and until there is room. */
const HUNGRY = 32;
const STUCK = 48;
const RING = 64;

/** The memory of a ring for one producer and one consumer. */
export const spscRing = (): Int32Array => new Int32Array(new SharedArrayBuffer((RING + SLOTS * ITEM) * 4));

/** Puts one item: the producer's end. */
export function spscPutter(words: Int32Array): (item: Int32Array) => void {
  let tail = 0;
  let head = 0;
  return (item) => {
    while (((tail - head) | 0) === SLOTS) {
      head = Atomics.load(words, HEAD);
      if (((tail - head) | 0) !== SLOTS) break;
      Atomics.store(words, STUCK, 1);
      Atomics.wait(words, HEAD, head, 50);
      Atomics.store(words, STUCK, 0);
    }
    const at = RING + (tail & MASK) * ITEM;
    for (let i = 0; i < ITEM; i++) words[at + i] = item[i] as number;
    tail = (tail + 1) | 0;
    Atomics.store(words, TAIL, tail);
    if (Atomics.load(words, HUNGRY) !== 0) Atomics.notify(words, TAIL, 1);
  };
}

/** Gets one item: the consumer's end. */
export function spscGetter(words: Int32Array): (item: Int32Array) => void {
  let head = 0;
  let tail = 0;
  return (item) => {
    while (tail === head) {
      tail = Atomics.load(words, TAIL);
      if (tail !== head) break;
      Atomics.store(words, HUNGRY, 1);
      Atomics.wait(words, TAIL, tail, 50);
      Atomics.store(words, HUNGRY, 0);
    }
    const at = RING + (head & MASK) * ITEM;
    for (let i = 0; i < ITEM; i++) item[i] = words[at + i] as number;
    head = (head + 1) | 0;
    Atomics.store(words, HEAD, head);
    if (Atomics.load(words, STUCK) !== 0) Atomics.notify(words, HEAD, 1);
  };
}

/** A slot of the other ring: its turn, and the item, in lines of their own. */
const SLOT = ITEM * 2;

/**
 * The memory of a ring for many producers and consumers. Source: Dmitry Vyukov, "Bounded MPMC queue" (2010). Each slot
 * has a number that says whose turn it is.
 */
export function mpmcRing(): Int32Array {
  const words = new Int32Array(new SharedArrayBuffer((RING + SLOTS * SLOT) * 4));
  for (let i = 0; i < SLOTS; i++) words[RING + i * SLOT] = i;
  return words;
}

/** Puts one item. */
export function mpmcPut(words: Int32Array, item: Int32Array): void {
  for (;;) {
    const tail = Atomics.load(words, TAIL);
    const at = RING + (tail & MASK) * SLOT;
    const turn = (Atomics.load(words, at) - tail) | 0;
    if (turn === 0) {
      if (Atomics.compareExchange(words, TAIL, tail, (tail + 1) | 0) !== tail) continue;
      for (let i = 0; i < ITEM; i++) words[at + ITEM + i] = item[i] as number;
      Atomics.store(words, at, (tail + 1) | 0);
      if (Atomics.load(words, HUNGRY) !== 0) Atomics.notify(words, TAIL, 1);
      return;
    }
    if (turn < 0) sleep(words, STUCK, HEAD, () => (Atomics.load(words, at) - tail) | 0, turn);
  }
}

/** Gets one item. */
export function mpmcGet(words: Int32Array, item: Int32Array): void {
  for (;;) {
    const head = Atomics.load(words, HEAD);
    const at = RING + (head & MASK) * SLOT;
    const turn = (Atomics.load(words, at) - (head + 1)) | 0;
    if (turn === 0) {
      if (Atomics.compareExchange(words, HEAD, head, (head + 1) | 0) !== head) continue;
      for (let i = 0; i < ITEM; i++) item[i] = words[at + ITEM + i] as number;
      Atomics.store(words, at, (head + SLOTS) | 0);
      if (Atomics.load(words, STUCK) !== 0) Atomics.notify(words, HEAD, 1);
      return;
    }
    if (turn < 0) sleep(words, HUNGRY, TAIL, () => (Atomics.load(words, at) - (head + 1)) | 0, turn);
  }
}

/** Sleeps until the other side has moved on, unless it has. A wake that is lost costs a millisecond, once in a long while. */
function sleep(words: Int32Array, sleepers: number, position: number, turn: () => number, before: number): void {
  Atomics.add(words, sleepers, 1);
  const seen = Atomics.load(words, position);
  if (turn() === before) Atomics.wait(words, position, seen, 1);
  Atomics.sub(words, sleepers, 1);
}
