import { type Atomic, Barrier, BrokenBarrierError, type Lock, type RawArray, type RawValue } from "@interlock/core";
import { acquire, inBothForms, type Part, pause, timed, wait } from "./forms.ts";

/** Each row has so many parties. */
export const PARTIES = 5;
/** The party that misbehaves: the one with this index. */
const ODD_ONE = PARTIES >> 1;

/** Passes in lockstep with the others: nobody is a barrier ahead. */
export const lockstep = inBothForms(import.meta, "lockstep", function* (barrier: Barrier, entered: Atomic<"int32">, left: Atomic<"int32">, passes: number) {
  const wrong: string[] = [];
  for (let i = 0; i < passes; i++) {
    entered.add(1);
    if (left.load() !== i * PARTIES) wrong.push(`pass ${i}: ${left.load()} left before all had entered`);
    yield* wait(barrier);
    left.add(1);
    if (entered.load() !== (i + 1) * PARTIES) wrong.push(`pass ${i}: ${entered.load()} entered before all had left`);
    yield* wait(barrier);
  }
  return { wrong, waiting: barrier.waiting, broken: barrier.broken };
});

export const passOnce = inBothForms(import.meta, "passOnce", (barrier: Barrier) => wait(barrier));

/** Passes with an action of its own; says how often an action had ended when it came through. */
export const act = inBothForms(import.meta, "act", function* ({ handle }: Barrier, ended: Atomic<"int32">, passes: number) {
  const action = (): void => {
    // Long enough for a party that does not wait for it to be seen outside.
    const until = performance.now() + 20;
    while (performance.now() < until);
    ended.add(1);
  };
  const barrier = Barrier.attach(handle, { action });
  const seen: number[] = [];
  for (let i = 0; i < passes; i++) {
    yield* wait(barrier);
    seen.push(ended.load());
  }
  return seen;
});

/** One party aborts instead of passing a second time. */
export const abort = inBothForms(import.meta, "abort", abortOnce);

/** As `abort`; then one resets the barrier, while a second one keeps everybody else out, and all pass. */
export const abortAndReset = inBothForms(import.meta, "abortAndReset", function* (barrier: Barrier, fence: Barrier) {
  const first = yield* abortOnce(barrier);
  if ((yield* wait(fence)) === ODD_ONE) barrier.reset();
  yield* wait(fence);
  return [first, yield* outcome(wait(barrier))];
});

/** One party resets the barrier while the others wait; then all pass. */
export const reset = inBothForms(import.meta, "reset", function* (barrier: Barrier) {
  let first = "reset";
  if ((yield* wait(barrier)) === ODD_ONE) {
    while (barrier.waiting < PARTIES - 1) yield* pause(1);
    barrier.reset();
  } else {
    first = yield* outcome(wait(barrier));
  }
  return [first, yield* outcome(wait(barrier))];
});

/** One party is late for the second pass. */
export const comeLate = inBothForms(import.meta, "comeLate", function* (barrier: Barrier, delay: number, limit: number, timeout: number | undefined) {
  const late = (yield* wait(barrier, limit)) === ODD_ONE;
  if (late) yield* pause(delay);
  const [result, elapsed] = yield* timed(outcome(wait(barrier, timeout)));
  return { late, result, elapsed };
});

/** Passes twice; says how it was numbered. */
export const passAlone = inBothForms(import.meta, "passAlone", function* (barrier: Barrier) {
  return yield* timed(twice(barrier));
});

/** Writes the number of each pass to a log. */
export const logPasses = inBothForms(
  import.meta,
  "logPasses",
  function* (barrier: Barrier, lock: Lock, { view: log }: RawArray<"int32">, length: RawValue<"int32">, passes: number) {
    for (let i = 0; i < passes; i++) {
      yield* wait(barrier);
      yield* acquire(lock);
      log[length.value] = i;
      length.value += 1;
      lock.release();
    }
  },
);

function* abortOnce(barrier: Barrier): Part<string> {
  if ((yield* wait(barrier)) !== ODD_ONE) return yield* outcome(wait(barrier));
  barrier.abort();
  return "aborted";
}

function* twice(barrier: Barrier): Part<number[]> {
  return [yield* wait(barrier), yield* wait(barrier)];
}

function* outcome(part: Part<unknown>): Part<string> {
  try {
    yield* part;
    return "passed";
  } catch (error) {
    if (error instanceof BrokenBarrierError) return "broken";
    throw error;
  }
}
