/**
 * A few more looks at what is waited for, before sleep.
 *
 * A thread that sleeps on another core is awake some 25 microseconds after its wake, and that wake costs who gives it as much. What
 * the other thread does next often takes less than one. So a waiter looks on for about half as long as a sleep takes, and until
 * it says that it waits nobody has to wake it.
 *
 * Whether that pays is learnt: each wait in a row that had to sleep nevertheless doubles the number of waits that sleep at once
 * before the next looks on. Not so many that two threads, of which each finds the other asleep, stay like that for long.
 *
 * Source of the idea: "competitive spinning" of Karlin, Manasse, McGeoch and Owicki, 1990.
 *
 * @module
 */
import type { Agent } from "../roster.ts";
import { cores, pause } from "./host.ts";

/** Some 10 microseconds, of which most are pauses; some 2 where the engine knows none. */
const LOOKS = 400;

/** Waits that sleep at once between two that look on, at most. */
const LONGEST_REST = 7;

export class Spin {
  readonly #looks: number;
  /** Waits that are still to sleep at once. */
  #rest = 0;
  #lastRest = 0;

  constructor(agent: Pick<Agent, "looks">) {
    // Where no other thread can run meanwhile there is nothing to see.
    this.#looks = agent.looks ?? (cores() > 1 ? LOOKS : 0);
  }

  /** Tries again and again for a moment; returns whether `attempt` succeeded. */
  until(attempt: () => boolean): boolean {
    if (this.#rest > 0) {
      this.#rest--;
      return false;
    }
    for (let look = 0; look < this.#looks; look++) {
      pause();
      if (attempt()) {
        this.#lastRest = 0;
        return true;
      }
    }
    this.#rest = this.#lastRest = Math.min(2 * this.#lastRest + 1, LONGEST_REST);
    return false;
  }
}
