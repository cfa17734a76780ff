/**
 * How somebody waits at an end: until there is what was waited for, the time is up, or the wait is aborted.
 *
 * @module
 */
import { type AbortSignalLike, after } from "@interlock/core/base";
import { keepAlive } from "./keep-alive.ts";
import type { Wire } from "./wire.ts";

/** How long to wait, and for whom. */
export interface Patience {
  /** Milliseconds; `<= 0` does not wait. */
  readonly timeout: number;
  readonly signal: AbortSignalLike | undefined;
  /** Not collected while somebody waits: the end of a connection that nobody has is closed. */
  readonly holder: object;
}

/** How a wait ends without what was waited for. */
interface Retreat {
  /** Takes back that somebody waits. */
  withdraw(): void;
  /** Called when the time is up. */
  late(): void;
}

/** Waits for what `begin` asks for, which may be there at once. */
export function patiently<R>(
  { timeout, signal, holder }: Patience,
  wire: Wire,
  begin: (settle: (value: R | PromiseLike<R>) => void, fail: (error: unknown) => void) => Retreat,
): Promise<R> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  const { promise, resolve, reject } = Promise.withResolvers<R>();
  let open = true;
  let end = (): void => {};
  const over = (): boolean => {
    const was = open;
    open = false;
    end();
    return was;
  };
  const settle = (value: R | PromiseLike<R>): void => void (over() && resolve(value));
  const fail = (error: unknown): void => void (over() && reject(error));
  const retreat = begin(settle, fail);
  if (!open) {
    retreat.withdraw();
    return promise;
  }
  const onAbort = (): void => fail(signal?.reason);
  const release = keepAlive(holder);
  let stopTimer = (): void => {};
  end = () => {
    retreat.withdraw();
    signal?.removeEventListener("abort", onAbort);
    stopTimer();
    release();
  };
  signal?.addEventListener("abort", onAbort);
  stopTimer = whenLate(timeout, wire, retreat.late);
  return promise;
}

/** Calls back after so many milliseconds, or later if something is known to be on its way then. Returns what cancels it. */
function whenLate(milliseconds: number, wire: Wire, late: () => void): () => void {
  let cancel = (): void => {};
  const due = (): void => {
    const { moment } = wire;
    if (moment > 0) cancel = after(moment, late);
    else late();
  };
  if (milliseconds > 0) cancel = after(milliseconds, due);
  else due();
  return () => cancel();
}
