import type { BoundedSemaphore, Semaphore } from "@interlock/core";
import { acquire, errorName, errorOf, inBothForms, timed, tryAcquire } from "./forms.ts";

/** Takes both permits of two, fails to take a third, and gives them back. */
export const walk = inBothForms(import.meta, "walk", function* (semaphore: Semaphore | BoundedSemaphore) {
  const values = [semaphore.value];
  for (let i = 0; i < 2; i++) {
    yield* acquire(semaphore);
    values.push(semaphore.value);
  }
  const third = yield* tryAcquire(semaphore);
  values.push(semaphore.value);
  for (let i = 0; i < 2; i++) {
    semaphore.release();
    values.push(semaphore.value);
  }
  return { values, third };
});

/** Gives two permits back that nobody took. */
export const overRelease = inBothForms(import.meta, "overRelease", function* (semaphore: Semaphore | BoundedSemaphore) {
  const values: number[] = [];
  const errors: (string | undefined)[] = [];
  for (let i = 0; i < 2; i++) {
    errors.push(errorName(() => semaphore.release()));
    values.push(semaphore.value);
  }
  // Whatever the count says must also be true of the permits.
  while (yield* tryAcquire(semaphore)) values.push(semaphore.value);
  return { values, errors };
});

/** Asks for a permit that nobody gives, in every way. */
export const timeOut = inBothForms(import.meta, "timeOut", function* (semaphore: Semaphore, timeout: number) {
  const atOnce = [yield* timed(tryAcquire(semaphore))];
  for (const soon of [undefined, 0, -1]) atOnce.push(yield* timed(tryAcquire(semaphore, { timeout: soon })));
  const late = yield* timed(tryAcquire(semaphore, { timeout }));
  const error = yield* timed(errorOf(acquire(semaphore, { timeout })));
  return { atOnce, late, error, value: semaphore.value };
});
