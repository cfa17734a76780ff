/**
 * Whether to try the shared memory for a task: values that it cannot carry cost the try.
 *
 * @module
 */
import type { Sent } from "../channel/channel.ts";

/** After a failed try so many batches of the task go by message at once, twice as many each time. */
const FIRST_PENALTY = 4;
const LAST_PENALTY = 1024;

interface Detour {
  /** How many batches still go by message. */
  left: number;
  penalty: number;
}

/** Remembers tasks whose values did not fit. */
export class Route {
  readonly #detours = new Map<unknown, Detour>();

  /** Whether to try it for this task, now. */
  open(task: unknown): boolean {
    if (this.#detours.size === 0) return true;
    const detour = this.#detours.get(task);
    return detour === undefined || --detour.left < 0;
  }

  /** Notes how a try went. */
  went(task: unknown, how: Sent): void {
    if (how === "no room") return;
    if (how === "sent") {
      if (this.#detours.size > 0) this.#detours.delete(task);
      return;
    }
    const penalty = Math.min(LAST_PENALTY, (this.#detours.get(task)?.penalty ?? FIRST_PENALTY / 2) * 2);
    this.#detours.set(task, { left: penalty, penalty });
  }
}
