/**
 * What all pools look like to the cases.
 *
 * @module
 */
import { pause } from "../usage.ts";
import type * as functions from "./functions.ts";

/** Which function. */
export type Name = keyof typeof functions;

/** A pool of threads or processes, whoever made it. */
export interface AnyPool {
  /** Runs one call. */
  apply(name: Name, argument: unknown): Promise<unknown>;
  /** Squares numbers. */
  map(numbers: readonly number[]): Promise<number[]>;
  /** Ends them. */
  close(): Promise<unknown>;
}

/** Starts a pool. */
export type Open = (size: number) => AnyPool;

/** What peers send between processes: text, which is what they do unasked, or structured clones, where text would not do. */
export type Serialization = "json" | "advanced";

/** Starts a pool of processes. */
export type OpenProcesses = (size: number, serialization?: Serialization) => AnyPool;

/** A map for a pool without a good one of its own: chunks made by hand. */
export async function mapInChunks(apply: AnyPool["apply"], numbers: readonly number[], chunks: number): Promise<number[]> {
  const step = Math.ceil(numbers.length / chunks);
  const parts = Array.from({ length: chunks }, (_, i) => apply("squareAll", numbers.slice(i * step, (i + 1) * step)));
  const [first = [], ...others] = (await Promise.all(parts)) as number[][];
  // Each is the other engine's slowest way by far.
  return process.versions.bun === undefined ? first.concat(...others) : [first, ...others].flat();
}

/** Resolves when each worker has answered. A pool may give two calls to one worker, so all are asked together until all were heard. */
export async function everyWorker(pool: AnyPool, size: number): Promise<readonly string[]> {
  const heard = new Set<string>();
  while (heard.size < size) {
    const known = heard.size;
    const names = await Promise.all(Array.from({ length: size }, () => pool.apply("introduce", undefined)));
    for (const name of names) heard.add(name as string);
    // Those that have come would answer without end, and keep those that are still on their way from the machine.
    if (heard.size === known) await pause(1);
  }
  return [...heard];
}

/**
 * The same, of processes: resolves to their ids.
 *
 * @throws {Error} If they are not processes of their own: threads would be faster.
 */
export async function everyProcess(pool: AnyPool, size: number): Promise<readonly number[]> {
  const ids = (await everyWorker(pool, size)).map((name) => Number.parseInt(name, 10));
  if (new Set([process.pid, ...ids]).size < size + 1)
    throw new Error(`Cannot time as ${size} workers must be processes: received the ids ${ids} beside ours, ${process.pid}`);
  return ids;
}
