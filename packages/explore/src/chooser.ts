/**
 * How the next choice is made. Depth first, at random and by a script are the three ways.
 *
 * @module
 */

/** What can come next; only the first `count` entries count, so that the arrays are made once. */
export interface Options {
  count: number;
  readonly choices: number[];
  /** What each costs of the bound. */
  readonly costs: number[];
}

/** The run ends here: what follows is known. */
export const PRUNE = -1;

export interface Chooser {
  /** Options that would cost more in all are not offered. */
  readonly bound: number;
  /** Called before each schedule. */
  begin(): void;
  /**
   * Picks one of the options. The first is the cheapest.
   *
   * @param used What the schedule has cost so far.
   * @param state Tells states apart; absent where the state is in the middle of an operation.
   * @returns an index, or `PRUNE`.
   */
  choose(options: Options, used: number, state?: () => string): number;
  /** Turns to the next schedule; false if there is none. */
  advance(): boolean;
}

/** The program behaved differently at the same choices. */
export class NondeterminismError extends Error {
  override name = "NondeterminismError";
}
