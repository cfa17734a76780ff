/**
 * Every schedule within a bound, depth first: a run follows the stack, takes the first option beyond it, and the
 * deepest frame with an option left is where the next run turns off.
 *
 * @module
 */
import { type Chooser, NondeterminismError, type Options, PRUNE } from "./chooser.ts";

export class DepthFirst implements Chooser {
  readonly bound: number;
  /** How many options each choice had, and which was taken. */
  readonly #counts: number[] = [];
  readonly #taken: number[] = [];
  #depth = 0;
  /** The cheapest way into each state so far; exact keys, as a weak hash loses states silently. */
  readonly #seen: Map<string, number> | undefined;

  constructor(bound: number, cache: boolean) {
    this.bound = bound;
    this.#seen = cache ? new Map() : undefined;
  }

  begin(): void {
    this.#depth = 0;
  }

  choose({ count }: Options, used: number, state?: () => string): number {
    if (count === 1) return 0;
    const depth = this.#depth++;
    if (depth < this.#taken.length) {
      if (this.#counts[depth] !== count) throw new NondeterminismError("the same choices led to another number of options");
      return this.#taken[depth] as number;
    }
    if (this.#seen !== undefined && state !== undefined) {
      const key = state();
      const known = this.#seen.get(key);
      if (known !== undefined && known <= used) return PRUNE;
      this.#seen.set(key, used);
    }
    this.#counts.push(count);
    this.#taken.push(0);
    return 0;
  }

  advance(): boolean {
    const counts = this.#counts;
    const taken = this.#taken;
    for (let last = taken.length - 1; last >= 0; last--) {
      const next = (taken[last] as number) + 1;
      if (next < (counts[last] as number)) {
        taken[last] = next;
        return true;
      }
      taken.pop();
      counts.pop();
    }
    return false;
  }
}
