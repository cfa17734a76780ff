/**
 * Threads that start together, timed from the start to the end of the last.
 *
 * @module
 */
import { Atomic, Event, type Memory } from "@interlock/core";
import type { Process, Thread } from "@interlock/pool";

/** What each thread does first: it says that it has come, and waits for the others. */
export interface Start {
  readonly arrived: Atomic<"int32">;
  readonly go: Event;
}

/** Called by each thread before its work. */
export function ready({ arrived, go }: Start): void {
  arrived.add(1);
  go.wait();
}

/**
 * Milliseconds that `count` threads take from a common start, or processes that share a memory. `make` is given what to call `ready`
 * with, and an index.
 */
export async function race(
  count: number,
  make: (start: Start, index: number) => Thread<never, unknown> | Process<never, unknown>,
  memory?: Memory,
): Promise<number> {
  const where = memory === undefined ? {} : { memory };
  const start: Start = { arrived: new Atomic("int32", 0, where), go: new Event(where) };
  const threads = Array.from({ length: count }, (_, index) => make(start, index));
  for (const thread of threads) thread.start();
  while (start.arrived.load() < count) await start.arrived.waitAsync(start.arrived.load(), { timeout: 5 });
  const started = performance.now();
  start.go.set();
  await Promise.all(threads.map((thread) => thread.result()));
  return performance.now() - started;
}
