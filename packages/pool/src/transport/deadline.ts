/**
 * Deadlines that hold also while this thread blocks, when no timer fires.
 *
 * @module
 */
import { onCheckpoint } from "@interlock/core";

/**
 * Calls back once after a while.
 *
 * @param whileBlocked The least delay if the slices of a wait are the clock.
 * @returns What cancels it.
 */
export function atDeadline(milliseconds: number, whileBlocked: number, chore: () => void): () => void {
  const started = performance.now();
  const run = (): void => {
    cancel();
    chore();
  };
  const stopChore = onCheckpoint(() => {
    if (performance.now() - started >= whileBlocked) run();
  });
  const timer = setTimeout(run, milliseconds);
  const cancel = (): void => {
    clearTimeout(timer);
    stopChore();
  };
  return cancel;
}
