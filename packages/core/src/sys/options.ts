/**
 * What every waiting call takes, and how it is checked.
 *
 * @module
 */

/** The part of `AbortSignal` that interlock uses; any real one fits. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** How long to wait. */
export interface WaitOptions {
  /** Milliseconds on a monotonic clock; `<= 0` means do not wait. */
  readonly timeout?: number | undefined;
}

/** How long to wait, and what ends the wait early. */
export interface AsyncWaitOptions extends WaitOptions {
  /** Rejects the wait with `signal.reason`; what was waited for is then not taken. */
  readonly signal?: AbortSignalLike | undefined;
}

/** Checks `timeout` and `signal`, and fills in the default timeout. `action` completes "Cannot …". */
export function timeoutOf(options: AsyncWaitOptions | undefined, absent: number, action: string): number {
  if (options === undefined) return absent;
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`Cannot ${action} as its options must be an object, such as { timeout: 100 }: received ${options === null ? "null" : typeof options}`);
  }
  const { timeout, signal } = options;
  if (signal !== undefined && typeof (signal as Partial<AbortSignalLike> | null)?.addEventListener !== "function") {
    throw new TypeError(`Cannot ${action} as 'signal' must be an AbortSignal: received ${signal === null ? "null" : typeof signal}`);
  }
  if (timeout === undefined) return absent;
  if (typeof timeout !== "number") {
    throw new TypeError(`Cannot ${action} as 'timeout' must be a number of milliseconds: received ${typeof timeout}`);
  }
  if (Number.isNaN(timeout)) throw new RangeError(`Cannot ${action} as 'timeout' must be a number of milliseconds: received NaN`);
  return timeout;
}

/** Throws the reason of a signal that has already fired. */
export function throwIfAborted(signal: AbortSignalLike | undefined): void {
  if (signal?.aborted) throw signal.reason;
}
