import { test } from "vitest";
import { AbandonedLockError, DeadlockError, LockStateError } from "../../src/errors.ts";
import { RLock } from "../../src/rlock.ts";
import { count, counted, type Exploration, ONCE, prove, section, soon, throws } from "./scenario.ts";

const rlock: Pick<Exploration<RLock>, "create" | "open"> = {
  create: (memory) => void new RLock({ memory }),
  open: (at) => new RLock(undefined, at),
};

const all =
  (sections: number): Exploration<RLock>["final"] =>
  (c) =>
    c.assert(c.get(1) === sections, `${c.get(1)} of ${sections} sections ran`);

const nested: Exploration<RLock>["thread"] = (c, lock) => {
  lock.run(() => {
    lock.run(() => section(c));
    section(c);
  });
  c.assert(
    throws(LockStateError, () => lock.release()),
    "it was released once too often",
  );
};

test("2 threads re-enter, blocking", async () => {
  await prove("RLock 2 nested", { ...rlock, threads: 2, thread: nested, final: all(4) }, { bound: 3, pct: { schedules: 6000, seed: 1 } });
});

test("3 threads re-enter, blocking", async () => {
  await prove("RLock 3 nested", { ...rlock, threads: 3, thread: nested, final: all(6) }, { bound: 2, wakes: "any", pct: { schedules: 6000, seed: 2 } });
});

test("tasks of a thread are served in their order, unless one only tries", async () => {
  const thread: Exploration<RLock>["thread"] = async (c, lock) => {
    for (const timeout of [Infinity, 1, 0]) {
      await lock.acquireAsync();
      let served = false;
      const waiting = lock.acquireAsync().then(() => {
        served = true;
        lock.release();
      });
      lock.release();
      const begun = c.now();
      const taken = await lock.tryAcquireAsync({ timeout });
      // Whose time is up takes what is free.
      const late = timeout > 0 && c.now() === begun + timeout;
      if (taken && !late) c.assert(served === timeout > 0, `${timeout} ms: the one that came ${served ? "first" : "later"} was served first`);
      c.assert(taken || timeout === 1, `${timeout} ms: it was not taken`);
      if (taken) lock.release();
      await waiting;
    }
  };
  await prove("RLock order of tasks", { ...rlock, threads: 1, thread }, { bound: 2, pct: { schedules: 200, seed: 12 } });
});

test("tasks of one thread exclude each other, and a blocking acquire does not re-enter theirs", async () => {
  const thread: Exploration<RLock>["thread"] = async (c, lock) => {
    if (c.id !== 0) return nested(c, lock);
    const task = () =>
      lock.runAsync(async () => {
        c.assert(
          throws(DeadlockError, () => lock.acquire()),
          "a blocking acquire re-entered a task's lock",
        );
        c.assert(!lock.tryAcquire(), "a try re-entered a task's lock");
        section(c);
      });
    await Promise.all([task(), task()]);
  };
  await prove("RLock mixed", { ...rlock, threads: 2, thread, final: all(4) }, { bound: 2, pct: { schedules: 4000, seed: 3 } });
});

test("a waiter that times out loses no wake", async () => {
  const thread: Exploration<RLock>["thread"] = (c, lock) => {
    if (c.id > 0) return nested(c, lock);
    if (!lock.tryAcquire({ timeout: 10 })) return;
    section(c);
    lock.release();
  };
  await prove("RLock timeout", { ...rlock, threads: 3, thread }, { bound: 2, pct: { schedules: 4000, seed: 4 } });
});

test("the owner may die at any depth: recovery starts at one level", async () => {
  const thread: Exploration<RLock>["thread"] = (c, lock) => {
    try {
      nested(c, lock);
    } catch (error) {
      c.assert(error instanceof AbandonedLockError && !c.alive(0), String(error));
      if (!lock.recover()) return;
      c.set(0, 0);
      section(c);
      lock.release();
      c.assert(!lock.held, "recovery left it held");
    }
  };
  const exploration = { ...rlock, threads: 3, thread, deaths: { threads: [0], max: 1 } };
  await prove("RLock death", exploration, { bound: 1, pct: { schedules: 4000, seed: 5 } });
});

/** Words behind the lock. */
const TAKEN = 20;
const DONE = 21;

test("a try does not wait, a timeout is kept, and a wait for oneself is refused", async () => {
  const thread: Exploration<RLock>["thread"] = async (c, lock) => {
    if (c.id === 0) {
      await lock.runAsync(() => {
        c.assert(!lock.tryAcquire({ timeout: 0 }), "a try re-entered a task's lock");
        c.assert(
          throws(DeadlockError, () => lock.tryAcquire({ timeout: 1 })),
          "it waited for its own task",
        );
        count(c, TAKEN);
        counted(c, DONE, 1);
      });
      return;
    }
    counted(c, TAKEN, 1);
    const start = c.now();
    c.assert(!lock.tryAcquire() && c.now() === start, "a try waited");
    c.assert(!lock.tryAcquire({ timeout: 1 }) && c.now() === start + 1, "it did not wait for 1 ms");
    const tried = lock.tryAcquireAsync();
    c.assert((await soon(tried)) && !(await tried), "an async try waited");
    c.assert(!(await lock.tryAcquireAsync({ timeout: 1 })) && c.now() === start + 2, "it did not wait for 1 ms");
    count(c, DONE);
  };
  await prove("RLock limits", { ...rlock, threads: 2, thread }, ONCE);
});
