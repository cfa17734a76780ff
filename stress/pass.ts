/**
 * Every way to put something into a queue, and to get something from it.
 *
 * @module
 */
import { type Queue, QueueClosedError } from "@interlock/core";
import type { Lane } from "./lane.ts";

interface Limits {
  /** Whether to block without a limit. */
  readonly patient?: boolean;
  /** Runs the call. */
  readonly around?: <T>(call: () => T) => T;
}

const plainly = <T>(call: () => T): T => call();

/** Puts in a way chosen at random. Resolves to whether it did; rejects if the queue is closed. */
export async function putSomehow(lane: Lane, queue: Queue, item: unknown, { patient = true, around = plainly }: Limits = {}): Promise<boolean> {
  const timed = { timeout: lane.random.timeout() };
  switch (lane.random.below(patient ? 9 : 7)) {
    case 0:
      return lane.attempt("put with timeout", () => around(() => queue.put(item, timed)));
    case 1:
      return lane.attempt("tryPut", () => around(() => queue.tryPut(item)));
    case 2:
      return lane.attempt("tryPut with timeout", () => around(() => queue.tryPut(item, timed)));
    case 3:
      return lane.attemptAsync("putAsync with timeout", () => around(() => queue.putAsync(item, timed)));
    case 4:
      return lane.attemptAsync("putAsync with signal", (signal) => around(() => queue.putAsync(item, { signal })));
    case 5:
    case 6:
      return lane.attemptAsync("putAsync", () => around(() => queue.putAsync(item)));
    default:
      return lane.attempt("put", () => around(() => queue.put(item)));
  }
}

/** Gets in a way chosen at random. Resolves to what it got, if anything; rejects if the queue is closed and empty. */
export async function getSomehow(
  lane: Lane,
  queue: Queue,
  { patient = true, around = plainly }: Limits = {},
): Promise<{ readonly value: unknown } | undefined> {
  const timed = { timeout: lane.random.timeout() };
  let found: { value: unknown } | undefined;
  const keep = (value: unknown): void => {
    found = { value };
  };
  const keepFound = (one: typeof found): boolean => {
    found = one;
    return one !== undefined;
  };
  switch (lane.random.below(patient ? 10 : 7)) {
    case 0:
      lane.attempt("get with timeout", () => keep(around(() => queue.get(timed))));
      break;
    case 1:
      lane.attempt("tryGet", () => keepFound(around(() => queue.tryGet())));
      break;
    case 2:
      lane.attempt("tryGet with timeout", () => keepFound(around(() => queue.tryGet(timed))));
      break;
    case 3:
      await lane.attemptAsync("getAsync with timeout", () => around(() => queue.getAsync(timed)).then(keep));
      break;
    case 4:
      await lane.attemptAsync("getAsync with signal", (signal) => around(() => queue.getAsync({ signal })).then(keep));
      break;
    case 5:
      await lane.attemptAsync("getAsync", () => around(() => queue.getAsync()).then(keep));
      break;
    case 6:
      await lane.attemptAsync("iterate", async () => keep(await firstOf(queue)));
      break;
    default:
      lane.attempt("get", () => keep(around(() => queue.get())));
  }
  return found;
}

async function firstOf(queue: Queue): Promise<unknown> {
  for await (const item of queue) return item;
  throw new QueueClosedError("The iteration has ended");
}

/** Runs `act` over and over until it finds the queue closed. */
export async function untilClosed(act: () => Promise<void>): Promise<void> {
  try {
    for (;;) await act();
  } catch (error) {
    if (!(error instanceof QueueClosedError)) throw error;
  }
}
