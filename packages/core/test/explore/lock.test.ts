import { test } from "vitest";
import { AbandonedLockError, DeadlockError, LockStateError, TimeoutError } from "../../src/errors.ts";
import { Lock } from "../../src/lock.ts";
import type { LockOptions } from "../../src/mutex-lock.ts";
import { type Exploration, prove, section, throws } from "./scenario.ts";

const lock = (options?: LockOptions): Pick<Exploration<Lock>, "create" | "open"> => ({
  create: (memory) => void new Lock({ memory, ...options }),
  open: (at) => new Lock(undefined, at),
});

const all =
  (sections: number): Exploration<Lock>["final"] =>
  (c) =>
    c.assert(c.get(1) === sections, `${c.get(1)} of ${sections} sections ran`);

test("2 threads x 2 sections, blocking", async () => {
  const thread: Exploration<Lock>["thread"] = (c, mutex) => {
    for (let i = 0; i < 2; i++) mutex.run(() => section(c));
  };
  await prove("Lock 2x2 blocking", { ...lock(), threads: 2, thread, final: all(4) }, { bound: 3, pct: { schedules: 5000, seed: 1 } });
});

test("3 threads x 2 sections, blocking", async () => {
  const thread: Exploration<Lock>["thread"] = (c, mutex) => {
    for (let i = 0; i < 2; i++) mutex.run(() => section(c));
  };
  await prove("Lock 3x2 blocking", { ...lock(), threads: 3, thread, final: all(6) }, { bound: 2, pct: { schedules: 5000, seed: 2 }, wakes: "any" });
});

test("async waiters, two tasks in a thread", async () => {
  const thread: Exploration<Lock>["thread"] = async (c, mutex) => {
    const task = () => mutex.runAsync(() => section(c));
    await (c.id === 0 ? Promise.all([task(), task()]) : task());
  };
  await prove("Lock 2 async", { ...lock(), threads: 2, thread, final: all(3) }, { bound: 2, pct: { schedules: 2000, seed: 3 } });
});

test("tasks of a thread are served in their order, also if one would take the lock again at once", async () => {
  const thread: Exploration<Lock>["thread"] = async (c, mutex) => {
    await mutex.acquireAsync();
    if (c.id === 0) {
      let served = false;
      const waiting = mutex.acquireAsync().then(() => {
        served = true;
        mutex.release();
      });
      mutex.release();
      await mutex.acquireAsync();
      c.assert(served, "the one that came later was served first");
      await waiting;
    }
    mutex.release();
  };
  await prove("Lock order of tasks", { ...lock(), threads: 2, thread }, { bound: 2, pct: { schedules: 2000, seed: 11 } });
});

test("blocking and async waiters together", async () => {
  const thread: Exploration<Lock>["thread"] = (c, mutex) => {
    if (c.id === 0) return mutex.runAsync(() => section(c));
    return mutex.run(() => section(c));
  };
  await prove("Lock 3 mixed", { ...lock(), threads: 3, thread, final: all(3) }, { bound: 2, pct: { schedules: 2000, seed: 4 } });
});

const timed: Exploration<Lock>["thread"] = (c, mutex) => {
  if (c.id === 0) {
    if (!mutex.tryAcquire({ timeout: 10 })) return;
  } else {
    mutex.acquire();
  }
  section(c);
  mutex.release();
};

test("a waiter that times out loses no wake", async () => {
  await prove("Lock timeout", { ...lock(), threads: 3, thread: timed }, { bound: 2, pct: { schedules: 5000, seed: 5 } });
});

test("an async waiter that is aborted, or times out, loses no wake", async () => {
  const thread: Exploration<Lock>["thread"] = async (c, mutex) => {
    if (c.id === 0) {
      const controller = new AbortController();
      setTimeout(() => controller.abort("enough"), 5);
      const use = (wait: Promise<Lock>) =>
        wait.then(
          () => {
            section(c);
            mutex.release();
          },
          (reason: unknown) => c.assert(reason === "enough" || reason instanceof TimeoutError, String(reason)),
        );
      await Promise.all([use(mutex.acquireAsync({ signal: controller.signal })), use(mutex.acquireAsync({ timeout: 7 }))]);
    } else {
      mutex.acquire();
      section(c);
      mutex.release();
    }
  };
  await prove("Lock abort", { ...lock(), threads: 3, thread }, { bound: 2, maxSchedules: 20_000, pct: { schedules: 3000, seed: 6 } });
});

test("a stranger and a late releaser are refused, and change nothing", async () => {
  const thread: Exploration<Lock>["thread"] = (c, mutex) => {
    if (c.id === 0) {
      c.assert(
        throws(LockStateError, () => mutex.release()),
        "a stranger released it",
      );
      return;
    }
    mutex.run(() => section(c));
    c.assert(
      throws(LockStateError, () => mutex.release()),
      "it was released twice",
    );
  };
  await prove("Lock stranger", { ...lock(), threads: 3, thread, final: all(2) }, { bound: 3, pct: { schedules: 1000, seed: 7 } });
});

test("a blocking acquire never waits for its own thread", async () => {
  const thread: Exploration<Lock>["thread"] = (c, mutex) =>
    mutex.runAsync(() => {
      c.assert(
        throws(DeadlockError, () => mutex.acquire()),
        "it waited for itself",
      );
      section(c);
    });
  await prove("Lock self", { ...lock(), threads: 2, thread, final: all(2) }, { bound: 2, pct: { schedules: 1000, seed: 8 } });
});

// Whoever finds the lock abandoned repairs the section, as the documentation says.
const careful: Exploration<Lock>["thread"] = (c, mutex) => {
  for (;;) {
    try {
      mutex.acquire();
      break;
    } catch (error) {
      c.assert(error instanceof AbandonedLockError, String(error));
      c.assert(!c.alive(0), "abandoned by a living owner");
      if (!mutex.recover()) continue;
      c.set(0, 0);
      break;
    }
  }
  section(c);
  mutex.release();
};

test("the owner may die at any step: everybody is told, and one recovers", async () => {
  const deaths = { threads: [0], max: 1 };
  const exploration = { ...lock(), threads: 3, thread: careful, deaths };
  await prove("Lock death", exploration, { bound: 2, pct: { schedules: 5000, seed: 9 } });
});

test("the owner may die at any step: the lock is handed over", async () => {
  const thread: Exploration<Lock>["thread"] = (c, mutex) => {
    mutex.acquire();
    if (!c.alive(0)) c.set(0, 0);
    section(c);
    mutex.release();
  };
  const exploration = { ...lock({ onOwnerDeath: "release" }), threads: 3, thread, deaths: { threads: [0], max: 1 } };
  await prove("Lock hand over", exploration, { bound: 2, pct: { schedules: 3000, seed: 10 } });
});

test("the owner may die at any step: async waiters are told", async () => {
  const thread: Exploration<Lock>["thread"] = async (c, mutex) => {
    if (c.id === 0) return mutex.runAsync(() => section(c));
    try {
      await mutex.runAsync(() => section(c));
    } catch (error) {
      c.assert(error instanceof AbandonedLockError && !c.alive(0), String(error));
      if (!mutex.recover()) return;
      c.set(0, 0);
      section(c);
      mutex.release();
    }
  };
  const exploration = { ...lock(), threads: 3, thread, deaths: { threads: [0], max: 1 } };
  await prove("Lock death async", exploration, { bound: 1, maxSchedules: 20_000, pct: { schedules: 2000, seed: 11 } });
});
