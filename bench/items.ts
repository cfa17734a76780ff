/**
 * Threads that hand items to each other, timed for one item.
 *
 * @module
 */
import { Queue } from "@interlock/core";
import { Thread, task } from "@interlock/pool";
import { mustBe } from "./measure.ts";
import { race, ready, type Start } from "./race.ts";
import { ITEM, mpmcGet, mpmcPut, spscGetter, spscPutter } from "./rings.ts";

/** Strings of 64 characters, all different. */
export const texts: readonly string[] = Array.from({ length: 64 }, (_, i) =>
  `${i}: `.padEnd(64, "the quick brown fox jumps over the lazy dog and runs away from it "),
);

/** The same as items of a bare ring. */
const items = texts.map((text) => {
  const bytes = new Uint8Array(ITEM * 4);
  for (let i = 0; i < 64; i++) bytes[i] = text.charCodeAt(i);
  return new Int32Array(bytes.buffer);
});

export const putSpsc = task(import.meta, "putSpsc", (start: Start, words: Int32Array, count: number) => {
  ready(start);
  const put = spscPutter(words);
  for (let i = 0; i < count; i++) put(items[i & 63] as Int32Array);
  return 0;
});

export const getSpsc = task(import.meta, "getSpsc", (start: Start, words: Int32Array, count: number) => {
  ready(start);
  const get = spscGetter(words);
  const item = new Int32Array(ITEM);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    get(item);
    sum += new Uint8Array(item.buffer)[0] as number;
  }
  return sum;
});

export const putMpmc = task(import.meta, "putMpmc", (start: Start, words: Int32Array, count: number) => {
  ready(start);
  for (let i = 0; i < count; i++) mpmcPut(words, items[i & 63] as Int32Array);
  return 0;
});

export const getMpmc = task(import.meta, "getMpmc", (start: Start, words: Int32Array, count: number) => {
  ready(start);
  const item = new Int32Array(ITEM);
  const bytes = new Uint8Array(item.buffer);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    mpmcGet(words, item);
    sum += bytes[0] as number;
  }
  return sum;
});

export const put = task(import.meta, "put", (start: Start, queue: Queue<string>, count: number) => {
  ready(start);
  for (let i = 0; i < count; i++) queue.put(texts[i & 63] as string);
  return 0;
});

export const get = task(import.meta, "get", (start: Start, queue: Queue<string>, count: number) => {
  ready(start);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += queue.get().charCodeAt(0);
  return sum;
});

type Worker = typeof put | typeof putSpsc;

/** Nanoseconds for an item: `pairs` threads put `count` each, and as many get. */
export async function handOver(pairs: number, count: number, what: Queue<string> | Int32Array, putter: Worker, getter: Worker): Promise<number> {
  const results: Promise<unknown>[] = [];
  const elapsed = await race(pairs * 2, (start, i) => {
    const thread = new Thread((i < pairs ? putter : getter) as typeof put, [start, what as Queue<string>, count]);
    return { start: () => thread.start(), result: () => results[results.push(thread.result()) - 1] } as never;
  });
  const sum = (await Promise.all(results)).reduce<number>((total, one) => total + (one as number), 0);
  let expected = 0;
  for (let i = 0; i < count; i++) expected += (texts[i & 63] as string).charCodeAt(0);
  mustBe(expected * pairs, sum);
  return (elapsed * 1e6) / (count * pairs);
}

/** A queue with as much room as a bare ring. */
export const queueOfTexts = (): Queue<string> => new Queue({ capacityBytes: 65536 });
