/**
 * Random schedules with priorities: the thread with the highest priority runs, and at a few random steps the running
 * one falls behind all others. A bug that takes `depth` ordering constraints is hit with a known probability.
 *
 * Source: Burckhardt et al., "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs" (2010).
 *
 * @module
 */
import { KILL, kindOf, RUN, threadOf, WAKE } from "./choice.ts";
import type { Chooser, Options } from "./chooser.ts";
import { Random } from "./random.ts";

/** How often an expiry or a death is taken where it could be. */
const EXPIRY_CHANCE = 1 / 12;
const DEATH_CHANCE = 1 / 24;

export class Pct implements Chooser {
  readonly bound: number = Infinity;
  readonly #depth: number;
  readonly #random: Random;
  readonly #priorities: number[];
  readonly #changes = new Set<number>();
  #step = 0;
  #longest = 16;
  #lowest = 0;
  #left: number;

  constructor(threads: number, schedules: number, depth: number, seed: number) {
    this.#left = schedules;
    this.#depth = depth;
    this.#random = new Random(seed);
    this.#priorities = new Array(threads).fill(0);
  }

  begin(): void {
    this.#longest = Math.max(this.#longest, this.#step);
    this.#step = 0;
    this.#lowest = 0;
    this.#priorities.forEach((_, i, all) => {
      all[i] = this.#random.next();
    });
    this.#changes.clear();
    for (let i = 1; i < this.#depth; i++) this.#changes.add(this.#random.below(this.#longest));
  }

  choose(options: Options): number {
    const { count, choices } = options;
    if (kindOf(choices[0] as number) === WAKE) return this.#random.below(count);
    const step = this.#step++;
    const drawn = this.#draw(options);
    if (drawn >= 0) return drawn;
    let best = this.#highest(options);
    if (best >= 0 && this.#changes.has(step)) {
      this.#priorities[threadOf(choices[best] as number)] = --this.#lowest;
      best = this.#highest(options);
    }
    return best >= 0 ? best : this.#random.below(this.#expiries(options));
  }

  advance(): boolean {
    return --this.#left > 0;
  }

  /** An expiry or a death, now and then. */
  #draw({ count, choices }: Options): number {
    for (let i = 0; i < count; i++) {
      const kind = kindOf(choices[i] as number);
      if (kind !== RUN && this.#random.next() < (kind === KILL ? DEATH_CHANCE : EXPIRY_CHANCE)) return i;
    }
    return -1;
  }

  #highest({ count, choices }: Options): number {
    let best = -1;
    let priority = -Infinity;
    for (let i = 0; i < count; i++) {
      const choice = choices[i] as number;
      const its = this.#priorities[threadOf(choice)] as number;
      if (kindOf(choice) !== RUN || its <= priority) continue;
      best = i;
      priority = its;
    }
    return best;
  }

  /** How many options come before the deaths, which are last. */
  #expiries({ count, choices }: Options): number {
    let expiries = 0;
    while (expiries < count && kindOf(choices[expiries] as number) !== KILL) expiries++;
    return expiries;
  }
}
