import { test } from "vitest";
import { DeadlockError, LockStateError } from "../../src/errors.ts";
import { LINE } from "../../src/memory.ts";
import { SHARED_MUTEX_BYTES } from "../../src/sys/shared-mutex.ts";
import { rwlock, type Thread } from "./rwlocks.ts";
import { count, counted, fired, ONCE, prove, reasonOf, soon, throws } from "./scenario.ts";

/** Words behind the lock. */
const TAKEN: number = SHARED_MUTEX_BYTES / 4;
const DONE: number = TAKEN + 1;

test("a try does not wait, and a timeout is kept, on both sides", async () => {
  // Thread 0 holds one side, and thread 1 asks for the other.
  for (const side of ["readLock", "writeLock"] as const) {
    const thread: Thread = async (c, lock) => {
      if (c.id === 0) {
        lock[side].acquire();
        count(c, TAKEN);
        counted(c, DONE, 1);
        lock[side].release();
        counted(c, DONE, 2);
        c.assert(!lock.readLock.locked && !lock.writeLock.locked, "it is still held");
        return;
      }
      counted(c, TAKEN, 1);
      c.assert(lock[side].locked && !lock[side].held && !lock.writeLock.recover(), "somebody else has it");
      const other = side === "readLock" ? lock.writeLock : lock.readLock;
      const start = c.now();
      c.assert(!other.tryAcquire() && c.now() === start, "a try waited");
      c.assert(!other.tryAcquire({ timeout: 1 }) && c.now() === start + 1, "it did not wait for 1 ms");
      const tried = other.tryAcquireAsync();
      c.assert((await soon(tried)) && !(await tried), "an async try waited");
      c.assert(!(await other.tryAcquireAsync({ timeout: 1 })) && c.now() === start + 2, "it did not wait for 1 ms");
      c.assert((await reasonOf(other.acquireAsync({ signal: fired("enough") }))) === "enough", "it waited although its signal had fired");
      if (side === "writeLock") {
        const second = lock.writeLock.tryAcquireAsync();
        c.assert((await soon(second)) && !(await second), "an async try waited");
        c.assert(!(await lock.writeLock.tryAcquireAsync({ timeout: 1 })) && c.now() === start + 3, "it did not wait for 1 ms");
      }
      c.assert(!other.locked && !other.held, "somebody gave up, and holds it");
      count(c, DONE);
      other.acquire();
      c.assert(other.locked && other.held && !lock[side].locked, "it is not held");
      other.release();
      count(c, DONE);
    };
    await prove(`RWLock limits of ${side}`, { ...rwlock(), bytes: SHARED_MUTEX_BYTES + LINE, threads: 2, thread }, ONCE);
  }
});

test("what a thread holds it is not given on the other side, and what it does not hold it cannot release", async () => {
  const thread: Thread = (c, { readLock, writeLock }) => {
    const refused = (): boolean => throws(LockStateError, () => readLock.release());
    c.assert(refused() && throws(LockStateError, () => writeLock.release()), "it released what it did not hold");
    writeLock.run(() => {
      c.assert(
        throws(DeadlockError, () => readLock.acquire()),
        "it waited for its own write lock",
      );
      c.assert(!readLock.tryAcquire() && !readLock.locked, "it reads what it writes");
      c.assert(!writeLock.tryAcquire(), "it writes twice");
    });
    readLock.run(() => c.assert(!writeLock.tryAcquire() && !writeLock.locked, "it writes what it reads"));
    c.assert(refused() && !readLock.locked, "it released what it did not hold");
    // A writer that finds nobody may drop what it takes for the trace of a dead reader.
    writeLock.run(() => {});
    readLock.run(() => c.assert(!writeLock.tryAcquire(), "a writer does not see who reads"));
  };
  await prove("RWLock sides", { ...rwlock(), threads: 1, thread }, ONCE);
});

test("a thread reads so often and no more", async () => {
  const thread: Thread = (c, { readLock }) => {
    for (let level = 0; level < 4095; level++) readLock.acquire();
    c.assert(
      throws(RangeError, () => readLock.acquire()),
      "it read too often",
    );
    for (let level = 0; level < 4095; level++) readLock.release();
    c.assert(!readLock.locked && throws(LockStateError, () => readLock.release()), "a level was lost or gained");
  };
  await prove("RWLock levels", { ...rwlock(), threads: 1, thread }, { ...ONCE, maxSteps: 100_000 });
});
