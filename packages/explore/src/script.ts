/**
 * The one schedule that a report names.
 *
 * @module
 */
import { formatSchedule } from "./choice.ts";
import type { Chooser, Options } from "./chooser.ts";

export class Script implements Chooser {
  readonly bound: number = Infinity;
  readonly #choices: readonly number[];
  #next = 0;

  constructor(choices: readonly number[]) {
    this.#choices = choices;
  }

  begin(): void {
    this.#next = 0;
  }

  choose({ count, choices }: Options): number {
    const wanted = this.#choices[this.#next];
    // A schedule may be cut short: the cheapest options follow.
    if (wanted === undefined) return 0;
    this.#next++;
    const at = choices.indexOf(wanted);
    if (at >= 0 && at < count) return at;
    const offered = choices.slice(0, count).map((choice) => formatSchedule([choice]));
    throw new RangeError(
      `Cannot replay schedule as choice ${this.#next}, ${formatSchedule([wanted])}, is not possible there: it could be ${offered.join(", ")}`,
    );
  }

  advance(): boolean {
    return false;
  }
}
