/**
 * What processes do in the cases about memory that they share.
 *
 * @module
 */
import type { Lock, Queue, RawValue, Semaphore, SharedArray } from "@interlock/core";
import { Process, task } from "@interlock/pool";
import { createMemory, type ShmMemory } from "@interlock/shm";
import { mustBe } from "./measure.ts";
import { race, ready, type Start } from "./race.ts";

export const TEXT: string = "the quick brown fox jumps over the lazy dog and runs away from it".slice(0, 64);

const addUnderLock = task(import.meta, "addUnderLock", (start: Start, lock: Lock, counter: RawValue<"int32">, times: number) => {
  ready(start);
  const { view } = counter;
  for (let i = 0; i < times; i++) {
    lock.acquire();
    (view[0] as number)++;
    lock.release();
  }
});

export const takeTurns = task(import.meta, "takeTurns", (start: Start, mine: Semaphore, other: Semaphore, turns: number) => {
  ready(start);
  for (let turn = 0; turn < turns; turn++) {
    mine.acquire();
    other.release();
  }
});

export const putTexts = task(import.meta, "putTexts", (start: Start, queue: Queue<string>, count: number) => {
  ready(start);
  for (let i = 0; i < count; i++) queue.put(TEXT);
});

export const getTexts = task(import.meta, "getTexts", (start: Start, queue: Queue<string>, count: number) => {
  ready(start);
  let length = 0;
  for (let i = 0; i < count; i++) length += queue.get().length;
  mustBe(count * TEXT.length, length);
});

/** Reads and writes every double, and says that it has. */
export const double = task(import.meta, "double", (array: SharedArray<"float64">, mine: Semaphore, other: Semaphore, times: number) => {
  for (let i = 0; i < times; i++) {
    mine.acquire();
    const { view } = array;
    for (let j = 0; j < view.length; j++) (view[j] as number) *= 2;
    other.release();
  }
});

/** The same with what it is sent. */
export const doubleAll = task(import.meta, "doubleAll", (array: Float64Array) => array.map((x) => 2 * x));

/** Memory that ends with the measurement. */
export async function withMemory<R>(use: (memory: ShmMemory) => Promise<R>): Promise<R> {
  const memory = createMemory({ size: 1 << 22 });
  try {
    return await use(memory);
  } finally {
    memory.close();
  }
}

/** A process with a task. */
export function processOf<A extends readonly unknown[]>(fn: (...args: A) => unknown, args: NoInfer<A>): Process<never, unknown> {
  return new Process(fn as never, args as never);
}

/** Nanoseconds for one addition under a lock by several processes. */
export function contend(make: (memory: ShmMemory) => { lock: Lock; counter: RawValue<"int32"> }, count: number, times: number): Promise<number> {
  return withMemory(async (memory) => {
    const { lock, counter } = make(memory);
    const elapsed = await race(count, (start) => processOf(addUnderLock, [start, lock, counter, times]), memory);
    mustBe(count * times, counter.value);
    return (elapsed * 1e6) / (count * times);
  });
}
