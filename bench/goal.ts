/**
 * What interlock is to reach, and whether it did.
 *
 * @module
 */
import { median } from "simple-statistics";

/** The contender that goals are about. */
export const OURS = "interlock";

/** The contender that is a program of its own; the names of its variants begin so. */
export const PYTHON = "Python multiprocessing";

/** Pools and locks that others publish. They may fail; ours and what is written by hand may not. */
export const PEERS: readonly string[] = ["multithreading", "piscina", "poolifier", "tinypool", "workerpool"];

/** In a goal: whichever peer was the fastest of its round. */
export const BEST_PEER = "best peer";

/** A ratio to a contender, a difference from it in the case's unit, or without a contender a figure. */
export type Goal =
  /** `known` is the ratio that is reached where the goal is missed: quick runs judge by it. */
  (
    | { readonly contender: string; readonly atMost: number; readonly known?: number }
    | { readonly contender: string; readonly atMostMore: number }
    | { readonly contender?: never; readonly atMost: number }
  ) & {
    /** Which of ours, if it is not the one that is called `interlock`. */
    readonly of?: string;
  };

/** Figures by contender and round; NaN where a contender failed. */
export type Samples = ReadonlyMap<string, readonly number[]>;

/** What became of a goal. */
export interface Verdict {
  /** The goal in words. */
  readonly goal: string;
  /** How near to it the median round came; NaN if no round tells. */
  readonly reached: number;
  readonly met: boolean;
  /** Whether so many times what it allows is not exceeded, or nothing is known. What is no ratio is never too large: it may be nothing but noise. */
  within(tolerance: number): boolean;
}

/** Whether a goal is about a contender. */
export function concerns(goal: Goal, name: string): boolean {
  return name === (goal.of ?? OURS) || name === goal.contender || (goal.contender === BEST_PEER && PEERS.includes(name));
}

/** Compares figures with a goal. */
export function judge(goal: Goal, samples: Samples, unit: string): Verdict {
  const who = goal.of === undefined ? "" : `${goal.of} `;
  const ours = samples.get(goal.of ?? OURS) ?? [];
  if (goal.contender === undefined) return verdict(`${who}<= ${goal.atMost} ${unit}`, middle(ours), goal.atMost, Infinity);
  const theirs = goal.contender === BEST_PEER ? bestPeer(samples) : (samples.get(goal.contender) ?? []);
  if ("atMost" in goal) return verdict(`${who}<= ${goal.atMost} x ${goal.contender}`, ratio(ours, theirs), goal.atMost, goal.known);
  const more = ours.map((figure, round) => figure - (theirs[round] ?? Number.NaN));
  return verdict(`${who}<= ${goal.contender} + ${goal.atMostMore} ${unit}`, middle(more), goal.atMostMore, Infinity);
}

/** The median of what there is; NaN if nothing is. */
export function middle(figures: readonly number[]): number {
  const known = figures.filter((figure) => !Number.isNaN(figure));
  return known.length > 0 ? median(known) : Number.NaN;
}

/** The median of the rounds' ratios. */
export function ratio(figures: readonly number[], others: readonly number[]): number {
  return middle(figures.map((figure, round) => figure / (others[round] ?? Number.NaN)));
}

function bestPeer(samples: Samples): number[] {
  const best: number[] = [];
  for (const name of PEERS) {
    samples.get(name)?.forEach((figure, round) => {
      // NaN, of a peer that failed, is below nothing.
      if (figure < (best[round] ?? Infinity)) best[round] = figure;
    });
  }
  return best;
}

/** @param usual What noise may exceed several times before anything is wrong; no figure does if it is infinite. */
function verdict(goal: string, reached: number, atMost: number, usual: number = atMost): Verdict {
  return { goal, reached, met: reached <= atMost, within: (tolerance) => !(reached > usual * tolerance) };
}
