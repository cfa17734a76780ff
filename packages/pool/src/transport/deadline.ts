/**
 * Deadlines that hold also while this thread blocks, when no timer fires.
 *
 * @module
 */
import { onCheckpoint } from "@interlock/core/base";
import { runtime } from "../runtime/select.ts";

/** The longest delay that timers take; longer ones fire at once. */
export const LONGEST_DELAY: number = 2 ** 31 - 1;

/** What a deadline is for. */
interface DeadlineOptions {
  /** Whether the program may end before it. */
  readonly unref?: boolean;
}

/**
 * Calls back once after a while.
 *
 * @param whileBlocked The least delay if the slices of a wait are the clock.
 * @returns What cancels it.
 */
export function atDeadline(milliseconds: number, whileBlocked: number, chore: () => void, { unref = false }: DeadlineOptions = {}): () => void {
  const started = performance.now();
  const run = (): void => {
    cancel();
    chore();
  };
  const stopChore = onCheckpoint(() => {
    if (performance.now() - started >= whileBlocked) run();
  });
  const timer = setTimeout(run, milliseconds);
  if (unref) runtime().unrefTimer(timer);
  const cancel = (): void => {
    clearTimeout(timer);
    stopChore();
  };
  return cancel;
}
