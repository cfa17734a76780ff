/**
 * What ends the wait of a caller: the result, an error, or an abort.
 *
 * @module
 */

/** Settles a promise. */
export interface Settle {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A `settle` that no longer listens to the signal once it was called.
 *
 * @param aborted Called when the signal aborts first; the caller's wait has ended by then.
 * @throws The signal's reason, if it was aborted before.
 */
export function untilAborted(signal: AbortSignal | undefined, { resolve, reject }: Settle, aborted: (reason: unknown) => void): Settle {
  if (signal === undefined) return { resolve, reject };
  signal.throwIfAborted();
  const onAbort = (): void => {
    reject(signal.reason);
    aborted(signal.reason);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  const stop = (): void => signal.removeEventListener("abort", onAbort);
  return {
    resolve(value) {
      stop();
      resolve(value);
    },
    reject(reason) {
      stop();
      reject(reason);
    },
  };
}
