/**
 * What `inspect` tells.
 *
 * @module
 */
import type { Owner } from "./mutex-word.ts";

/** The thread that holds a lock. */
export interface InspectedOwner extends Owner {
  /** "main", the name of a `Thread` or a pool's worker, or else its slot and generation. */
  readonly name: string;
  /** Whether it lives. A dead owner's lock is abandoned. */
  readonly alive: boolean;
}

/** What `inspect` tells. All of it may be outdated by the time it is read. */
export interface Inspection {
  /** Who holds the lock; undefined if nobody does, or if it has no owner, as a semaphore. */
  readonly owner: InspectedOwner | undefined;
  /** When a waiter first found the lock in the hands of this owner; undefined if nobody has waited for it since. */
  readonly since: Date | undefined;
  /** How many threads wait; one with any number of async waiters counts once. A thread that died waiting stays counted. */
  readonly waiters: number;
}

/** Of something that threads wait for and nobody owns. */
export function unowned(waiters: number): Inspection {
  return { owner: undefined, since: undefined, waiters };
}
