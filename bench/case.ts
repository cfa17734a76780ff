/**
 * What a file of `cases/` exports.
 *
 * @module
 */
import type { Goal } from "./goal.ts";
import type { Contender } from "./measure.ts";

/** Contenders that do the same work, and how close interlock is to come to them. */
export interface Case {
  readonly title: string;
  /** Of the figures; nanoseconds for one operation if absent. */
  readonly unit?: string;
  /** Whether all threads share one core, so that where the system puts them has no part in the figures. */
  readonly pinned?: boolean;
  readonly goals?: readonly Goal[];
  /** The first one is what ratios are shown to. */
  readonly contenders: Readonly<Record<string, Contender>>;
}
