/**
 * Every way to take something.
 *
 * @module
 */
import type { AsyncPermitOptions, PermitOptions } from "@interlock/core";
import type { Lane } from "./lane.ts";

/** A lock, a side of one, a semaphore. */
export interface Takable {
  readonly held?: boolean;
  acquire(options?: PermitOptions): unknown;
  tryAcquire(options?: PermitOptions): boolean;
  acquireAsync(options?: AsyncPermitOptions): Promise<unknown>;
  tryAcquireAsync(options?: AsyncPermitOptions): Promise<boolean>;
}

interface Limits {
  /** How many permits, where there are several. */
  readonly permits?: number;
  /** Whether to wait without a limit. */
  readonly patient?: boolean;
  /** Whether this thread itself is in the way. */
  readonly mine?: () => boolean;
}

/** Takes in a blocking way, chosen at random. Returns whether it took. */
export function takeBlocking(lane: Lane, what: Takable, { permits, patient = true, mine }: Limits = {}): boolean {
  const own = mine ?? ((): boolean => what.held === true);
  const amount = permits === undefined ? {} : { permits };
  const timed = { ...amount, timeout: lane.random.timeout() };
  switch (lane.random.below(patient ? 5 : 3)) {
    case 0:
      return lane.attempt("acquire with timeout", () => what.acquire(timed), own);
    case 1:
      return lane.attempt("tryAcquire with timeout", () => what.tryAcquire(timed), own);
    case 2:
      return lane.attempt("tryAcquire", () => what.tryAcquire(permits === undefined ? undefined : amount), own);
    default:
      return lane.attempt("acquire", () => what.acquire(permits === undefined ? undefined : amount), own);
  }
}

/** Takes without blocking, in a way chosen at random. Resolves to whether it took. */
export function takeAsync(lane: Lane, what: Takable, { permits, patient = true }: Limits = {}): Promise<boolean> {
  const amount = permits === undefined ? {} : { permits };
  const timed = { ...amount, timeout: lane.random.timeout() };
  switch (lane.random.below(patient ? 8 : 4)) {
    case 0:
      return lane.attemptAsync("acquireAsync with timeout", () => what.acquireAsync(timed));
    case 1:
      return lane.attemptAsync("tryAcquireAsync with timeout", () => what.tryAcquireAsync(timed));
    case 2:
      return lane.attemptAsync("tryAcquireAsync with signal", (signal) => what.tryAcquireAsync({ ...timed, signal }));
    case 3:
      return lane.attemptAsync("tryAcquireAsync", () => what.tryAcquireAsync(amount));
    case 4:
    case 5:
      return lane.attemptAsync("acquireAsync with signal", (signal) => what.acquireAsync({ ...amount, signal }));
    default:
      return lane.attemptAsync("acquireAsync", () => what.acquireAsync(amount));
  }
}
