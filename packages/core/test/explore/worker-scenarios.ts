/**
 * One scenario for each primitive that runs on either engine of the explorer: two threads, blocking calls.
 *
 * @module
 */
import type { Context, Scenario } from "@interlock/explore";
import { Barrier } from "../../src/barrier.ts";
import { Condition } from "../../src/condition.ts";
import { Event } from "../../src/event.ts";
import { Lock } from "../../src/lock.ts";
import { LINE } from "../../src/memory.ts";
import { RLock } from "../../src/rlock.ts";
import { RWLock } from "../../src/rwlock.ts";
import { Semaphore } from "../../src/semaphore.ts";
import { SHARED_MUTEX_BYTES } from "../../src/sys/shared-mutex.ts";
import { scenarioOf } from "./world.ts";

function add(c: Context): void {
  const before = c.get(0);
  c.mark();
  c.set(0, before + 1);
}

export const lock: Scenario = scenarioOf<Lock>({
  threads: 2,
  create: (memory) => void new Lock({ memory }),
  open: (at) => new Lock(undefined, at),
  thread(c, mutex) {
    for (let i = 0; i < 2; i++) mutex.run(() => add(c));
  },
});

export const rlock: Scenario = scenarioOf<RLock>({
  threads: 2,
  create: (memory) => void new RLock({ memory }),
  open: (at) => new RLock(undefined, at),
  thread: (c, mutex) => mutex.run(() => mutex.run(() => add(c))),
});

export const semaphore: Scenario = scenarioOf<Semaphore>({
  threads: 2,
  create: (memory) => void new Semaphore(1, { memory }),
  open: (at) => new Semaphore(undefined, undefined, at),
  thread: (c, permits) => permits.run(() => add(c)),
});

export const condition: Scenario = scenarioOf<Condition>({
  threads: 2,
  bytes: 2 * LINE,
  create: (memory) => void new Condition(new Lock({ memory }), { memory }),
  open: (at) => new Condition(undefined, undefined, { at: { memory: at.memory, offset: LINE }, lock: new Lock(undefined, at) }),
  thread: (c, changed) =>
    changed.run(() => {
      c.set(0, c.get(0) + 1);
      if (c.get(0) === 2) changed.notify();
      else changed.wait();
    }),
});

export const event: Scenario = scenarioOf<Event>({
  threads: 2,
  create: (memory) => void new Event({ memory }),
  open: (at) => new Event(undefined, at),
  thread(c, flag) {
    if (c.id === 0) flag.set();
    else flag.wait();
  },
});

export const barrier: Scenario = scenarioOf<Barrier>({
  threads: 2,
  create: (memory) => void new Barrier(2, { memory }),
  open: (at) => new Barrier(2, undefined, at),
  thread: (_c, gate) => void gate.wait(),
});

export const rwlock: Scenario = scenarioOf<RWLock>({
  threads: 2,
  bytes: SHARED_MUTEX_BYTES,
  create: (memory) => void new RWLock({ memory }),
  open: (at) => new RWLock(undefined, at),
  thread(c, { readLock, writeLock }) {
    if (c.id === 0) writeLock.run(() => add(c));
    else readLock.run(() => c.get(0));
  },
});
