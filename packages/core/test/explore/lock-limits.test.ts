import { test } from "vitest";
import { AbandonedLockError } from "../../src/errors.ts";
import { Lock } from "../../src/lock.ts";
import type { Place } from "../../src/memory.ts";
import { count, counted, type Exploration, fired, ONCE, prove, reasonOf, SLICED, section, soon, throws } from "./scenario.ts";

const lock: Pick<Exploration<Lock>, "create" | "open"> = {
  create: (memory) => void new Lock({ memory }),
  open: (at) => new Lock(undefined, at),
};

/** Words behind the lock. */
const TAKEN = 20;
const DONE = 21;

test("a try does not wait, and a timeout is kept", async () => {
  const thread: Exploration<Lock>["thread"] = async (c, mutex) => {
    if (c.id === 0) {
      c.assert(mutex.owner === undefined && !mutex.recover(), "a free lock has an owner");
      mutex.acquire();
      c.assert(mutex.owner?.slot === 0 && !mutex.recover(), "it does not know its owner");
      count(c, TAKEN);
      counted(c, DONE, 1);
      return mutex.release();
    }
    counted(c, TAKEN, 1);
    const start = c.now();
    c.assert(!mutex.tryAcquire() && c.now() === start, "a try waited");
    c.assert(!mutex.tryAcquire({ timeout: 1 }) && c.now() === start + 1, "it did not wait for 1 ms");
    const tried = mutex.tryAcquireAsync();
    c.assert((await soon(tried)) && !(await tried), "an async try waited");
    c.assert(!(await mutex.tryAcquireAsync({ timeout: 1 })) && c.now() === start + 2, "it did not wait for 1 ms");
    c.assert((await reasonOf(mutex.acquireAsync({ signal: fired("enough") }))) === "enough", "it waited although its signal had fired");
    c.assert(!mutex.recover() && mutex.owner?.slot === 0, "a living owner lost it");
    count(c, DONE);
  };
  await prove("Lock limits", { ...lock, threads: 2, thread }, ONCE);
  const long: Exploration<Lock>["thread"] = (c, mutex) => {
    if (c.id === 0) return void mutex.acquire();
    while (!mutex.locked) counted(c, TAKEN, 0);
    const start = c.now();
    c.assert(!mutex.tryAcquire({ timeout: 120 }) && c.now() === start + 120, "it did not wait for 120 ms");
  };
  await prove("Lock long wait", { ...lock, threads: 2, thread: long }, SLICED);
});

test("what is abandoned is recovered once", async () => {
  const thread: Exploration<Lock>["thread"] = (c, mutex) => {
    if (c.id === 0) return mutex.run(() => section(c));
    if (c.alive(0)) return;
    c.set(2, 1);
    c.set(0, 0);
    // Somebody has noticed the death, or nobody yet.
    if (c.id === 1) throws(AbandonedLockError, () => mutex.tryAcquire() && mutex.release());
    if (!mutex.recover()) return;
    c.assert(mutex.held && !mutex.recover(), "it was recovered twice");
    section(c);
    mutex.release();
  };
  const final: Exploration<Lock>["final"] = (c) => c.assert(c.get(2) === 0 || new Int32Array(c.buffer)[0] === 0, "nobody recovered it");
  const exploration = { ...lock, threads: 3, thread, final, deaths: { threads: [0], max: 1 } };
  await prove("Lock recovery", exploration, { bound: 1, races: false, pct: { schedules: 200, seed: 12 } });
});

test("a release wakes one sleeper, and whoever notices a death wakes all", async () => {
  const thread: Exploration<Place>["thread"] = (c, { memory, offset }) => {
    const words = new Int32Array(c.buffer);
    const woken: number[] = [];
    const waiter = {
      ...memory.waiter,
      notify(_words: Int32Array, index: number, n: number) {
        if (index === 0) woken.push(n);
        return 0;
      },
    };
    const mutex = new Lock(undefined, { memory: { ...memory, waiter }, offset });
    mutex.acquire();
    // Somebody sleeps.
    words[0] = (words[0] as number) | 1;
    mutex.release();
    c.assert(woken.join() === "1", `a release wakes ${woken}`);
    // The owner is of a life that is over.
    words[0] = (33 << 2) | (7 << 12);
    for (let time = 0; time < 2; time++) throws(AbandonedLockError, () => mutex.tryAcquire());
    c.assert(woken.join() === "1,Infinity", `a death wakes ${woken}`);
    c.assert(mutex.recover(), "it was not recovered");
    mutex.release();
    c.assert(woken.join() === "1,Infinity", "nobody sleeps");
  };
  await prove("Lock wakes", { create: lock.create, open: (at) => at, threads: 1, thread }, ONCE);
});
