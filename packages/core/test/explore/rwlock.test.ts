import { test } from "vitest";
import { AbandonedLockError, DeadlockError } from "../../src/errors.ts";
import type { RWLock } from "../../src/rwlock.ts";
import { read, rwlock, type Thread, write } from "./rwlocks.ts";
import { type Exploration, prove, throws } from "./scenario.ts";

test("readers and writers exclude each other, blocking", async () => {
  const thread: Thread = (c, lock) => {
    if (c.id === 0) lock.writeLock.run(() => write(c));
    else lock.readLock.run(() => read(c));
  };
  await prove("RWLock 1 writer, 1 reader", { ...rwlock(), threads: 2, thread }, { bound: 3, pct: { schedules: 4000, seed: 1 } });
  await prove("RWLock 1 writer, 2 readers", { ...rwlock(), threads: 3, thread }, { bound: 2, maxSchedules: 20_000, pct: { schedules: 4000, seed: 2 } });
  const both: Thread = (c, lock) => {
    lock.writeLock.run(() => write(c));
    lock.readLock.run(() => read(c));
  };
  const final: Exploration<RWLock>["final"] = (c) => c.assert(c.get(1) === 2, "a write was lost");
  await prove("RWLock 2 of both", { ...rwlock(), threads: 2, thread: both, final }, { bound: 3, maxSchedules: 20_000, pct: { schedules: 4000, seed: 3 } });
});

test("a thread that reads enters again past a writer that waits", async () => {
  const thread: Thread = (c, lock) => {
    if (c.id === 0) return lock.writeLock.run(() => write(c));
    lock.readLock.run(() => {
      c.assert(
        throws(DeadlockError, () => lock.writeLock.acquire()),
        "it waited for its own read lock",
      );
      lock.readLock.run(() => read(c));
    });
  };
  await prove("RWLock re-entry", { ...rwlock(), threads: 2, thread }, { bound: 3, pct: { schedules: 2000, seed: 4 } });
});

test("async readers and writers, with blocking ones", async () => {
  const thread: Thread = async (c, lock) => {
    if (c.id === 0) await Promise.all([lock.writeLock.runAsync(() => write(c)), lock.readLock.runAsync(() => read(c))]);
    else if (c.id === 1) lock.readLock.run(() => read(c));
    else await lock.writeLock.runAsync(() => write(c));
  };
  await prove("RWLock async", { ...rwlock(), threads: 3, thread }, { bound: 1, maxSchedules: 10_000, pct: { schedules: 3000, seed: 5 } });
});

test("a writer or reader that gives up lets the others in", async () => {
  const thread: Thread = async (c, lock) => {
    if (c.id === 0) {
      if (lock.writeLock.tryAcquire({ timeout: 10 })) {
        write(c);
        lock.writeLock.release();
      }
    } else if (c.id === 1) {
      lock.readLock.run(() => read(c));
    } else {
      const controller = new AbortController();
      setTimeout(() => controller.abort("enough"), 5);
      const done = lock.writeLock.runAsync(() => write(c), { signal: controller.signal });
      await done.catch((reason: unknown) => c.assert(reason === "enough", String(reason)));
    }
  };
  await prove("RWLock give up", { ...rwlock(), threads: 3, thread }, { bound: 1, maxSchedules: 10_000, pct: { schedules: 3000, seed: 6 } });
});

test("a reader that dies is dropped", async () => {
  const thread: Thread = (c, lock) => {
    if (c.id === 0) return lock.readLock.run(() => read(c));
    lock.writeLock.acquire();
    if (!c.alive(0)) c.set(10, 0);
    write(c);
    lock.writeLock.release();
  };
  const exploration = { ...rwlock(), threads: 2, thread, deaths: { threads: [0], max: 1 } };
  await prove("RWLock reader dies", exploration, { bound: 2, races: false, pct: { schedules: 2000, seed: 7 } });
});

test("a writer that dies is reported to both sides, until one recovers", async () => {
  const thread: Thread = (c, lock) => {
    try {
      if (c.id < 2) lock.writeLock.run(() => write(c));
      else lock.readLock.run(() => read(c));
    } catch (error) {
      c.assert(error instanceof AbandonedLockError && !c.alive(0), String(error));
      if (!lock.writeLock.recover()) return;
      c.set(0, 0);
      write(c);
      lock.writeLock.release();
    }
  };
  const exploration = { ...rwlock(), threads: 3, thread, deaths: { threads: [0], max: 1 } };
  await prove("RWLock writer dies", exploration, { bound: 1, races: false, maxSchedules: 10_000, pct: { schedules: 2000, seed: 8 } });
});

test("a writer that dies hands over", async () => {
  const thread: Thread = (c, lock) => {
    const side = c.id < 2 ? lock.writeLock : lock.readLock;
    side.acquire();
    if (!c.alive(0)) c.set(0, 0);
    if (c.id < 2) write(c);
    else read(c);
    side.release();
  };
  const exploration = { ...rwlock({ onOwnerDeath: "release" }), threads: 3, thread, deaths: { threads: [0], max: 1 } };
  await prove("RWLock hand over", exploration, { bound: 1, races: false, maxSchedules: 10_000, pct: { schedules: 2000, seed: 9 } });
});

test("a reader that dies poisons nothing, whatever the writer does meanwhile", async () => {
  const thread: Thread = (c, lock) => {
    if (c.id === 0) return lock.readLock.run(() => {});
    lock.writeLock.run(() => {});
    lock.writeLock.run(() => {});
  };
  const exploration = { ...rwlock(), threads: 2, thread, deaths: { threads: [0], max: 1 } };
  await prove("RWLock reader poisons", exploration, { bound: 2, races: false, pct: { schedules: 2000, seed: 10 } });
});

test("a try fails only if somebody is in its way", async () => {
  const reads: Thread = (c, lock) => {
    if (c.id === 0) {
      lock.readLock.run(() => c.assert(!lock.writeLock.tryAcquire(), "a reader took the write lock"));
    } else {
      c.assert(lock.readLock.tryAcquire(), "a try to read failed, and nobody wrote");
      lock.readLock.release();
    }
  };
  await prove("RWLock read try", { ...rwlock(), threads: 2, thread: reads }, { bound: 3, pct: { schedules: 500, seed: 11 } });
});

test("recovery does not wait for its own thread", async () => {
  const thread: Thread = (c, lock) => {
    if (c.id === 0) return lock.writeLock.run(() => {});
    try {
      lock.readLock.acquire();
    } catch (error) {
      c.assert(error instanceof AbandonedLockError, String(error));
      return;
    }
    c.mark();
    c.mark();
    if (!c.alive(0)) {
      try {
        if (lock.writeLock.recover()) lock.writeLock.release();
      } catch (error) {
        c.assert(error instanceof DeadlockError, String(error));
      }
    }
    lock.readLock.release();
  };
  const exploration = { ...rwlock(), threads: 2, thread, deaths: { threads: [0], max: 1 } };
  await prove("RWLock recover", exploration, { bound: 2, races: false, pct: { schedules: 500, seed: 12 } });
});
