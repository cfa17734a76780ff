/**
 * Taking an async function off the stack rejects its promise, which nobody handles and nobody should hear about.
 *
 * @module
 */
import { UNWIND } from "./coroutine.ts";

type Listener = (reason: unknown, promise: unknown) => void;

interface ProcessLike {
  listeners(event: string): Listener[];
  on(event: string, listener: Listener): unknown;
  removeAllListeners(event: string): unknown;
  off(event: string, listener: Listener): unknown;
}

const EVENT = "unhandledRejection";

/** Bun tells of a rejection when other threads have had their turn: nobody knows then whose it was. */
const REPORTS_LATE = "Bun" in globalThis;

/**
 * Stands before the process's own listeners until the returned function is called.
 *
 * @param ours Takes a rejection if a simulated thread caused it, and says so.
 */
export function filterRejections(ours: (reason: unknown) => boolean): () => void {
  const isOurs = (reason: unknown): boolean => comesFromUnwinding(reason) || REPORTS_LATE || ours(reason);
  const undoWeb = filterWebEvent(isOurs);
  const host = (globalThis as unknown as { process?: ProcessLike }).process;
  if (typeof host?.listeners !== "function") return undoWeb;
  const before = host.listeners(EVENT);
  const filter: Listener = (reason, promise) => {
    if (isOurs(reason)) return;
    for (const listener of before) listener.call(host, reason, promise);
    // Where nobody listens the program would have ended.
    if (before.length === 0) throw reason;
  };
  host.removeAllListeners(EVENT);
  host.on(EVENT, filter);
  return () => {
    host.off(EVENT, filter);
    for (const listener of before) host.on(EVENT, listener);
    undoWeb();
  };
}

/** Code under test may have wrapped what it caught. */
function comesFromUnwinding(reason: unknown): boolean {
  for (let error = reason, i = 0; i < 10 && typeof error === "object" && error !== null; i++) {
    if (error === UNWIND) return true;
    error = (error as { cause?: unknown }).cause;
  }
  return false;
}

function filterWebEvent(isOurs: (reason: unknown) => boolean): () => void {
  if (typeof addEventListener !== "function") return () => {};
  const filter = (event: Event): void => {
    if (isOurs((event as unknown as { reason: unknown }).reason)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };
  addEventListener("unhandledrejection", filter, { capture: true });
  return () => removeEventListener("unhandledrejection", filter, { capture: true });
}
