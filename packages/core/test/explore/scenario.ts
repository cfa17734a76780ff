/**
 * Runs the real primitives under the explorer: memory, identity and clock of each thread are the explorer's.
 *
 * @module
 */
import { type Context, check, type ExploreOptions, explore } from "@interlock/explore";
import { afterAll } from "vitest";
import { SLICE_MS } from "../../src/sys/futex.ts";
import { type Exploration, scenarioOf } from "./world.ts";

export type { Exploration };

/** How far to look: always to a bound, and beyond it at random. */
type Options = ExploreOptions & Required<Pick<ExploreOptions, "bound" | "pct">>;

const tally: string[] = [];

/** One preemption more, and ten times as many random schedules: minutes instead of seconds. */
const deep = process.env["INTERLOCK_EXPLORE"] === "deep";

/** Explores, and throws the finding with its schedule if there is one. */
export async function prove<T>(name: string, exploration: Exploration<T>, options: Options): Promise<void> {
  const { bound, pct, maxSchedules = Infinity, ...rest } = options;
  const result = await explore(scenarioOf(exploration), {
    sliceMs: SLICE_MS,
    ...rest,
    bound: deep ? bound + 1 : bound,
    maxSchedules: deep ? 1_000_000 : maxSchedules,
    pct: deep ? { ...pct, schedules: pct.schedules * 10 } : pct,
  });
  tally.push(`${name}: ${result.schedules} schedules, ${result.steps} steps, ${result.seconds.toFixed(2)} s${result.complete ? "" : ", not all"}`);
  check(result);
}

afterAll(() => {
  if (process.env["INTERLOCK_EXPLORE_TALLY"] !== undefined) for (const line of tally) console.log(line);
});

/** Tells whoever waits in `counted` that one thread more has come so far. `word` lies behind the primitive. */
export function count(c: Context, word: number): void {
  const words = new Int32Array(c.buffer);
  Atomics.add(words, word, 1);
  Atomics.notify(words, word);
}

/** Sleeps until `n` threads have come so far. */
export function counted(c: Context, word: number, n: number): void {
  const words = new Int32Array(c.buffer);
  for (let seen = Atomics.load(words, word); seen < n; seen = Atomics.load(words, word)) Atomics.wait(words, word, seen);
}

/** A critical section that notices company. */
export function section(c: Context): void {
  const inside = c.get(0) + 1;
  c.set(0, inside);
  c.assert(inside === 1, `${inside} threads in the critical section`);
  c.mark();
  c.set(0, 0);
  c.set(1, c.get(1) + 1);
}

/** Whether `run` throws an error of a class. Whatever else is thrown passes on: it may be the explorer's. */
export function throws(ErrorClass: new (message: string) => Error, run: () => unknown): boolean {
  try {
    run();
    return false;
  } catch (error) {
    if (error instanceof ErrorClass) return true;
    throw error;
  }
}
