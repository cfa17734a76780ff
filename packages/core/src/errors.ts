/**
 * The errors a caller is expected to catch. Misuse throws the built-in `TypeError` and `RangeError`.
 *
 * @module
 */

/** A timeout passed before the wait was over. Nothing was taken. */
export class TimeoutError extends Error {
  override readonly name: string = "TimeoutError";
}

/** A lock was released, or a condition used, by a thread that does not hold it. The lock is as it was. */
export class LockStateError extends Error {
  override readonly name: string = "LockStateError";
}

/** Waiting would never end, because the waiting thread itself holds what it waits for. */
export class DeadlockError extends Error {
  override readonly name: string = "DeadlockError";
}

/**
 * The thread that held the lock died. What the lock protects may be half-changed: check or rebuild it, then call
 * `recover()`, which takes the lock and clears the state.
 */
export class AbandonedLockError extends Error {
  override readonly name: string = "AbandonedLockError";
}

/** A barrier was broken while, or before, this party waited for the others. `Barrier.reset()` makes it usable again. */
export class BrokenBarrierError extends Error {
  override readonly name: string = "BrokenBarrierError";
}

/** A queue was closed: nothing more can be put, and nothing is left to get. */
export class QueueClosedError extends Error {
  override readonly name: string = "QueueClosedError";
}
