import { type Event, inspect, type Lock, type RLock } from "@interlock/core";
import { task } from "@interlock/pool";
import { acquire, either, errorName, errorOf, inBothForms, tryAcquire } from "./forms.ts";

/** Takes a free lock, gives it back, and once too often. */
export const walk = inBothForms(import.meta, "walk", function* (lock: Lock) {
  const before = lock.locked;
  yield* acquire(lock);
  const taken = [lock.locked, yield* tryAcquire(lock), lock.locked];
  const returned = lock.release();
  return { before, taken, returned, after: lock.locked, again: errorName(() => lock.release()), still: lock.locked };
});

/** Takes an RLock three times, gives it back three times, and once too often. Blocking: async tasks never re-enter. */
export const reenter = task(import.meta, "reenter", (lock: RLock) => {
  lock.acquire();
  const taken = [lock.tryAcquire(), lock.tryAcquire()];
  const locked = [lock.locked];
  for (let i = 0; i < 3; i++) {
    lock.release();
    locked.push(lock.locked);
  }
  return { taken, locked, again: errorName(() => lock.release()) };
});

/** Takes a lock and ends. */
export const takeAndEnd = task(import.meta, "takeAndEnd", (lock: Lock | RLock, taken: Event, end: Event) => {
  lock.acquire();
  taken.set();
  end.wait();
});

/** Takes a lock `levels` times; says whom it sees as the owner, and after how many releases it is free. */
export const hold = task(import.meta, "hold", (lock: Lock | RLock, levels: number, taken: Event, end: Event) => {
  for (let i = 0; i < levels; i++) lock.acquire();
  const owner = ownerName(lock);
  taken.set();
  end.wait();
  let releases = 0;
  while (lock.held) {
    lock.release();
    releases++;
  }
  return { owner, releases, after: ownerName(lock) };
});

/** Whom a thread sees as the owner. */
export const ownerName = task(import.meta, "ownerName", (lock: Lock | RLock) => inspect(lock).owner?.name);

/** Runs a function that returns, and one that throws, under the lock; and does what `using` does. */
export const inContext = inBothForms(import.meta, "inContext", function* (lock: Lock | RLock) {
  const inside = (): boolean[] => [lock.locked, lock.held];
  const fail = (): never => {
    throw new RangeError("from inside");
  };
  const during = yield* either(
    () => lock.run(inside),
    () => lock.runAsync(inside),
  );
  const after = [lock.locked];
  const error = yield* errorOf(
    either(
      () => lock.run(fail),
      () => lock.runAsync(fail),
    ),
  );
  after.push(lock.locked);
  const resource = yield* either(
    () => lock.acquire(),
    () => lock.acquireAsync(),
  );
  const same = resource === lock;
  const disposing = lock.held;
  resource[Symbol.dispose]();
  after.push(lock.locked);
  return { during, error, same, disposing, after };
});
