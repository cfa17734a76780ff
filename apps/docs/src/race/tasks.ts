import type { Atomic, Event, Lock, RawArray, Value } from "@interlock/core";
import { task } from "@interlock/pool";

/** What all workers of a race share besides the counter. */
export interface Track {
  readonly arrived: Atomic<"int32">;
  /** Opens when all have arrived. */
  readonly gate: Event;
  /** How many additions each worker has made. */
  readonly made: RawArray<"int32">;
  /** What each addition wrote, worker by worker; of no length if nobody looks. */
  readonly wrote: RawArray<"int32">;
}

/** How a worker runs. */
export interface Pace {
  readonly times: number;
  /** Milliseconds to sleep before each addition. */
  readonly sleep: number;
  /** Milliseconds of work between reading the counter and writing it. */
  readonly work: number;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Work that depends on what was read: a program that only reads and writes has it, too, but shorter. */
function compute(n: number, ms: number): number {
  const end = performance.now() + ms;
  while (performance.now() < end);
  return n + 1;
}

/** Runs one worker. `add` adds one to the counter and returns what it wrote. */
async function repeat({ arrived, gate, made, wrote }: Track, pace: Pace, lane: number, add: () => number): Promise<void> {
  arrived.add(1);
  gate.wait();
  for (let i = 0; i < pace.times; i++) {
    if (pace.sleep > 0) await sleep(pace.sleep);
    const written = add();
    if (wrote.length > 0) wrote.view[lane * pace.times + i] = written;
    made.view[lane] = i + 1;
  }
}

/** Reads, computes, writes: another worker may come between. */
function addTo(counter: Value<"int32">, work: number): number {
  const next = work > 0 ? compute(counter.value, work) : counter.value + 1;
  counter.value = next;
  return next;
}

export const unlocked = task(import.meta, "unlocked", (track: Track, pace: Pace, lane: number, counter: Value<"int32">) =>
  repeat(track, pace, lane, () => addTo(counter, pace.work)),
);

export const withLock = task(import.meta, "withLock", (track: Track, pace: Pace, lane: number, counter: Value<"int32">, lock: Lock) =>
  repeat(track, pace, lane, () => lock.run(() => addTo(counter, pace.work))),
);

export const withGetLock = task(import.meta, "withGetLock", (track: Track, pace: Pace, lane: number, counter: Value<"int32">) =>
  repeat(track, pace, lane, () => counter.getLock().run(() => addTo(counter, pace.work))),
);

export const withAtomic = task(import.meta, "withAtomic", (track: Track, pace: Pace, lane: number, counter: Atomic<"int32">) =>
  repeat(track, pace, lane, () => counter.add(1) + 1),
);
