/**
 * Waiting for the first of several things.
 *
 * @module
 */
import { type AsyncWaitOptions, after, timeoutOf } from "@interlock/core/base";
import { requireItems } from "./checks.ts";
import type { Connection } from "./connection/connection.ts";
import { endOf } from "./connection/end.ts";
import { keepAlive } from "./connection/keep-alive.ts";
import { describe } from "./describe.ts";
import { Execution, watchEnd } from "./execution.ts";

/** What can be waited for: something to receive, or the end of a thread or process. */
// biome-ignore lint/suspicious/noExplicitAny: connections and children of every type
export type Waitable = Connection<any, any> | Execution<any, any>;

/** One of them, being watched. */
interface Source {
  readonly ready: boolean;
  /** How many milliseconds to wait for what is known to be on its way. */
  readonly moment: number;
  stop(): void;
}

/**
 * Waits until something can be received at one of several connections, or one of several threads and processes has ended:
 * Python's `multiprocessing.connection.wait`.
 *
 * A connection is also ready when its other end is gone. Nothing is received: call `recv` of those that are ready.
 *
 * @param objects Connections, threads and processes. Without any, a wait with no timeout is over at once.
 * @param options How long to wait, `<= 0` does not wait; for ever if absent. A signal ends the wait early.
 * @returns Those that are ready, in the given order; none after the timeout.
 * @throws {TypeError} If one of them is something else.
 * @throws {ConnectionError} If a connection is closed or write-only, or is closed or sent away meanwhile.
 * @throws {Error} If a thread or process was not started, or is closed.
 * @throws `signal.reason` on abort.
 *
 * @example
 * ```ts
 * import { Pipe, wait } from "@interlock/pool";
 * import assert from "node:assert/strict";
 *
 * const [a, sender] = Pipe<string>();
 * const [b, other] = Pipe<string>();
 * sender.send("here");
 * assert.deepEqual(await wait([a, b]), [a]);
 * other.close();
 * assert.deepEqual(await wait([a, b]), [a, b]);
 * for (const end of [a, b, sender]) end.close();
 * ```
 */
export async function wait<T extends Waitable>(objects: Iterable<T>, options?: AsyncWaitOptions): Promise<T[]> {
  const all = [...requireItems(objects, "wait")];
  const timeout = timeoutOf(options, Infinity, "wait");
  const signal = options?.signal;
  if (signal?.aborted) throw signal.reason;
  if (all.length === 0 && timeout === Infinity) return [];
  const { promise, resolve, reject } = Promise.withResolvers<T[]>();
  const sources: Source[] = [];
  const ready = (): T[] => all.filter((_, i) => sources[i]?.ready);
  const check = (): void => {
    // Some are ready before all are watched.
    if (sources.length < all.length) return;
    const some = ready();
    if (some.length > 0) resolve(some);
  };
  let cancel = (): void => {};
  const late = (): void => {
    const moment = Math.max(0, ...sources.map((source) => source.moment));
    if (moment > 0) cancel = after(moment, () => resolve(ready()));
    else resolve(ready());
  };
  const onAbort = (): void => reject(signal?.reason);
  const release = keepAlive(all);
  signal?.addEventListener("abort", onAbort);
  try {
    for (const [i, one] of all.entries()) sources.push(sourceOf(one, i, check, reject));
    check();
    if (timeout <= 0) late();
    else cancel = after(timeout, late);
    return await promise;
  } finally {
    for (const source of sources) source.stop();
    signal?.removeEventListener("abort", onAbort);
    cancel();
    release();
  }
}

function sourceOf(one: unknown, i: number, check: () => void, fail: (error: unknown) => void): Source {
  if (one instanceof Execution) {
    const watch = watchEnd(one, check);
    return {
      get ready() {
        return watch.ended;
      },
      moment: 0,
      stop: watch.stop,
    };
  }
  const end = typeof one === "object" && one !== null ? endOf(one) : undefined;
  if (end === undefined) throw new TypeError(`Cannot wait as objects[${i}] must be a Connection, a Thread or a Process: received ${describe(one)}`);
  end.require("wait", "readable");
  const stop = end.watch({ action: "wait", ready: check, fail });
  return {
    get ready() {
      return end.ready;
    },
    get moment() {
      return end.wire.moment;
    },
    stop,
  };
}
