/**
 * What the explorations of barriers have in common.
 *
 * @module
 */
import { Barrier } from "../../src/barrier.ts";
import { BrokenBarrierError } from "../../src/errors.ts";
import type { Exploration } from "./scenario.ts";

/** A barrier, and what each thread makes of it. */
export const barrier = (
  parties: number,
  options: { action?: (c: Parameters<Exploration<Barrier>["thread"]>[0]) => unknown; timeout?: number } = {},
): Pick<Exploration<Barrier>, "create" | "open"> => ({
  create: (memory) => void new Barrier(parties, { memory, timeout: options.timeout }),
  open: (at, c) => new Barrier(parties, options.action === undefined ? {} : { action: () => options.action?.(c) }, at),
});

export type Thread = Exploration<Barrier>["thread"];

/** Waits; says the index, or -1 if the barrier was broken. */
export function pass(wait: () => number): number {
  try {
    return wait();
  } catch (error) {
    if (error instanceof BrokenBarrierError) return -1;
    throw error;
  }
}
