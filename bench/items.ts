/**
 * Threads that hand items to each other, timed for one item.
 *
 * @module
 */
import type { Queue } from "@interlock/core";
import { type Task, Thread, task } from "@interlock/pool";
import { type Kind, makeItem, weigh } from "./kinds.ts";
import { mustBe } from "./measure.ts";
import { race, ready, type Start } from "./race.ts";
import { ITEM, mpmcGet, mpmcPut, spscGetter, spscPutter } from "./rings.ts";

/** The texts as items of a bare ring. */
const items = Array.from({ length: 64 }, (_, n) => {
  const text = makeItem("text", n) as string;
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
  const bytes = new Uint8Array(item.buffer);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    get(item);
    sum += bytes[0] as number;
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

export const put = task(import.meta, "put", (start: Start, queue: Queue, count: number, kind: Kind) => {
  ready(start);
  for (let i = 0; i < count; i++) queue.put(makeItem(kind, i));
  return 0;
});

export const get = task(import.meta, "get", (start: Start, queue: Queue, count: number, kind: Kind) => {
  ready(start);
  let sum = 0;
  for (let i = 0; i < count; i++) sum += weigh(kind, queue.get());
  return sum;
});

type Worker = Task<[Start, never, number, Kind], number>;

/** Nanoseconds for an item: `pairs` threads put `count` each, and as many get. */
export async function handOver(pairs: number, count: number, what: Queue | Int32Array, putter: Worker, getter: Worker, kind: Kind = "text"): Promise<number> {
  const results: Promise<number>[] = [];
  const elapsed = await race(pairs * 2, (start, i) => {
    const thread = new Thread(i < pairs ? putter : getter, [start, what as never, count, kind]);
    return {
      start: () => thread.start(),
      result: () => {
        results.push(thread.result());
        return results.at(-1);
      },
    } as never;
  });
  const sum = (await Promise.all(results)).reduce((total, one) => total + one, 0);
  let expected = 0;
  for (let i = 0; i < count; i++) expected += weigh(kind, makeItem(kind, i));
  mustBe(expected * pairs, sum);
  return (elapsed * 1e6) / (count * pairs);
}
