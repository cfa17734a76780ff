import type { Condition, Semaphore, Value } from "@interlock/core";
import { acquire, either, inBothForms, type Part, pause, timed, wait } from "./forms.ts";

/** Waits once. It says so while it holds the lock: who holds the lock next knows that it waits. */
export const sleeper = inBothForms(
  import.meta,
  "sleeper",
  function* (condition: Condition, sleeping: Semaphore, woken: Semaphore, timeout: number | undefined) {
    yield* acquire(condition);
    sleeping.release();
    const [notified, elapsed] = yield* timed(wait<boolean>(condition, timeout));
    woken.release();
    condition.release();
    return { notified, elapsed };
  },
);

/** Sets the state to 0, and waits until others have made it 4. */
export const awaitFour = inBothForms(import.meta, "awaitFour", function* (condition: Condition, state: Value<"int32">) {
  yield* acquire(condition);
  state.value = 0;
  condition.notify();
  const reached = yield* waitFor(condition, () => state.value === 4);
  condition.release();
  return reached;
});

/** Waits until the state is 0, and counts it up to 4. */
export const countUp = inBothForms(import.meta, "countUp", function* (condition: Condition, state: Value<"int32">) {
  yield* acquire(condition);
  const began = yield* waitFor(condition, () => state.value === 0);
  condition.release();
  for (let i = 0; i < 4; i++) {
    yield* pause(10);
    yield* acquire(condition);
    state.value += 1;
    condition.notify();
    condition.release();
  }
  return began;
});

/** Waits until the state is 4, but not for ever. */
export const awaitFourBriefly = inBothForms(
  import.meta,
  "awaitFourBriefly",
  function* (condition: Condition, state: Value<"int32">, ready: Semaphore, timeout: number) {
    ready.release();
    yield* acquire(condition);
    const result = yield* timed(waitFor(condition, () => state.value === 4, timeout));
    condition.release();
    return result;
  },
);

/** Waits in vain twice, and then until it is notified. */
export const waitThrice = inBothForms(import.meta, "waitThrice", function* (condition: Condition, ready: Semaphore, timeout: number, limit: number) {
  yield* acquire(condition);
  const atOnce = yield* timed(wait<boolean>(condition, 0));
  const late = yield* timed(wait<boolean>(condition, timeout));
  ready.release();
  const notified = yield* wait<boolean>(condition, limit);
  condition.release();
  return { atOnce, late, notified };
});

/** Notifies somebody who is ready. */
export const notifier = inBothForms(import.meta, "notifier", function* (condition: Condition, ready: Semaphore) {
  yield* acquire(ready);
  yield* acquire(condition);
  condition.notify();
  condition.release();
});

function waitFor(condition: Condition, predicate: () => boolean, timeout?: number): Part<boolean> {
  return either(
    () => condition.waitFor(predicate, { timeout }),
    () => condition.waitForAsync(predicate, { timeout }),
  );
}
