/**
 * What pools tell of themselves to those who observe a program, by `node:diagnostics_channel` where there is one. While
 * nobody listens, an event costs one look.
 *
 * @module
 */
import type { Topic } from "./runtime/runtime.ts";
import { runtime } from "./runtime/select.ts";

/** Calls that travel together. */
export interface BatchEvent {
  /** The pool's name. */
  readonly pool: string;
  /** The number of the batch in its pool, from 0. */
  readonly batch: number;
  /** The task's name. */
  readonly task: string;
  /** The task's module. */
  readonly module: string;
  /** How many calls were sent. */
  readonly count: number;
}

/** What is published by the name of each channel. */
export interface PoolEvents {
  /** A pool was created; its first workers start just before. */
  readonly "interlock.pool.create": { readonly pool: string; readonly size: number; readonly backend: string };
  /** A pool was terminated or joined, and its workers have ended. */
  readonly "interlock.pool.terminate": { readonly pool: string };
  /** A worker was started. */
  readonly "interlock.pool.worker.start": { readonly pool: string; readonly worker: string };
  /** A worker has ended: with an exit code, by a signal or by an error that it did not catch, as far as is known. */
  readonly "interlock.pool.worker.exit": {
    readonly pool: string;
    readonly worker: string;
    readonly code?: number | undefined;
    readonly signal?: string | undefined;
    readonly error?: unknown;
  };
  /** Calls were sent to a worker. */
  readonly "interlock.pool.batch.start": BatchEvent;
  /** A worker is done with calls: those that returned, those that threw or were lost, and those that others are to run. */
  readonly "interlock.pool.batch.end": BatchEvent & {
    readonly completed: number;
    readonly failed: number;
    readonly returned: number;
    /** From the sending to the last answer, and so with the time behind earlier batches. */
    readonly milliseconds: number;
  };
}

const topics = new Map<keyof PoolEvents, Topic<never>>();

/** The topic of that name. */
export function topic<K extends keyof PoolEvents>(name: K): Topic<PoolEvents[K]> {
  let found = topics.get(name);
  if (found === undefined) {
    found = runtime().topic(name);
    topics.set(name, found);
  }
  return found as Topic<PoolEvents[K]>;
}
