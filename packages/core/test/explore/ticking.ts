/**
 * Intervals that tick when a test says so.
 *
 * @module
 */

/** Runs with intervals that tick when they are told to; returns what lets all of them tick. */
export async function ticking(run: (tick: () => void) => Promise<void>): Promise<void> {
  const { setInterval: begin, clearInterval: end } = globalThis;
  const callbacks = new Set<() => void>();
  globalThis.setInterval = ((callback: () => void) => {
    const own = (): void => callback();
    callbacks.add(own);
    return own;
  }) as unknown as typeof begin;
  globalThis.clearInterval = (own) => void callbacks.delete(own as unknown as () => void);
  try {
    await run(() => {
      for (const callback of callbacks) callback();
    });
  } finally {
    globalThis.setInterval = begin;
    globalThis.clearInterval = end;
  }
}
