import type { Context } from "@interlock/explore";
import { test } from "vitest";
import { AbandonedLockError, DeadlockError, LockStateError } from "../../src/errors.ts";
import { LINE, type Place } from "../../src/memory.ts";
import type { LockOptions } from "../../src/mutex-lock.ts";
import { RWLock } from "../../src/rwlock.ts";
import { SHARED_MUTEX_BYTES } from "../../src/sys/shared-mutex.ts";
import { count, counted, type Exploration, fired, ONCE, prove, reasonOf, soon, throws, unblockable } from "./scenario.ts";

const rwlock = (options?: LockOptions): Pick<Exploration<RWLock>, "create" | "open" | "bytes"> => ({
  create: (memory) => void new RWLock({ memory, ...options }),
  open: (at) => new RWLock(undefined, at),
  bytes: SHARED_MUTEX_BYTES,
});

/** Words behind the lock. */
const TAKEN: number = SHARED_MUTEX_BYTES / 4;
const DONE: number = TAKEN + 1;

type Thread = Exploration<RWLock>["thread"];

/** Cell 0: the writer inside. Cells 10 + id: the readers inside. Cell 1: how often somebody wrote. */
function read(c: Context): void {
  c.set(10 + c.id, 1);
  c.assert(c.get(0) === 0, "a writer is inside beside a reader");
  c.mark();
  c.assert(c.get(0) === 0, "a writer came in beside a reader");
  c.set(10 + c.id, 0);
}

function write(c: Context): void {
  c.assert(c.get(0) === 0, "two writers are inside");
  c.set(0, 1);
  for (let id = 0; id < c.threads; id++) c.assert(c.get(10 + id) === 0, `reader ${id} is inside beside a writer`);
  c.mark();
  c.set(0, 0);
  c.set(1, c.get(1) + 1);
}

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

/** The place as a thread in another slot of the roster sees it, where all live but one. */
function seenBy(at: Place, slot: number, dead: () => number): Place {
  const roster = { ...at.memory.roster, alive: (other: number) => other !== dead() };
  return { memory: { ...at.memory, agent: { ...at.memory.agent, slot }, roster }, offset: at.offset };
}

test("a writer sees every reader, near and far, also after one of them died", async () => {
  const slots = [0, 1, 31, 32, 33, 34, 63, 64, 65, 97, 960, 1023];
  const thread: Exploration<Place>["thread"] = (c, at) => {
    let dead = -1;
    const views = new Map(
      slots.map((slot) => [
        slot,
        new RWLock(
          undefined,
          seenBy(at, slot, () => dead),
        ),
      ]),
    );
    const { readLock, writeLock } = new RWLock(
      undefined,
      seenBy(at, 500, () => dead),
    );
    const seen = (): boolean => readLock.locked && !writeLock.tryAcquire() && readLock.locked;
    for (const [slot, view] of views) {
      view.readLock.acquire();
      c.assert(seen(), `the reader in slot ${slot} is not seen`);
      view.readLock.release();
      c.assert(!readLock.locked && writeLock.tryAcquire(), `the reader in slot ${slot} has gone, and is seen`);
      writeLock.release();
    }
    for (const [slot] of views) {
      for (const view of views.values()) view.readLock.acquire();
      dead = slot;
      c.assert(seen(), "nobody is seen beside the dead");
      const living = [...views].filter(([other]) => other !== slot);
      for (const [, view] of living) view.readLock.release();
      for (const [other, view] of living) view.readLock.run(() => c.assert(seen(), `${other} reads, and is not seen after ${slot} died`));
      c.assert(!readLock.locked && writeLock.tryAcquire(), `it died in slot ${slot}, and is seen`);
      writeLock.release();
      // The next thread in that slot.
      dead = -1;
      views.set(
        slot,
        new RWLock(
          undefined,
          seenBy(at, slot, () => dead),
        ),
      );
    }
  };
  const { create, bytes } = rwlock();
  await prove("RWLock slots", { create, bytes: bytes as number, open: (at) => at, threads: 1, thread }, { ...ONCE, maxSteps: 200_000 });
});

test("a writer that cannot wait for the readers lets go", async () => {
  const thread: Exploration<Place>["thread"] = (c, at) => {
    const reader = new RWLock(
      undefined,
      seenBy(at, 1, () => -1),
    );
    const { writeLock } = new RWLock(undefined, unblockable(seenBy(at, 500, () => -1)));
    reader.readLock.acquire();
    c.assert(
      throws(TypeError, () => writeLock.acquire()),
      "it blocked",
    );
    c.assert(!writeLock.locked && reader.readLock.tryAcquire(), "it keeps readers out");
  };
  const { create, bytes } = rwlock();
  await prove("RWLock unblockable", { create, bytes: bytes as number, open: (at) => at, threads: 1, thread }, ONCE);
});

test("a reader in the slot of a dead one is not taken for it", async () => {
  const { create, open, bytes } = rwlock();
  const haunted: Pick<Exploration<RWLock>, "create" | "open" | "bytes"> = {
    create(memory) {
      create(memory);
      // The slot is that of thread 1, the life is over.
      const agent = { ...memory.agent, slot: 33, generation: 7 };
      new RWLock(undefined, { memory: { ...memory, agent }, offset: 0 }).readLock.acquire();
    },
    open,
    bytes: bytes as number,
  };
  const thread: Thread = (c, lock) => {
    if (c.id === 0) for (let i = 0; i < 2; i++) lock.writeLock.run(() => write(c));
    else lock.readLock.run(() => read(c));
  };
  await prove("RWLock slot of the dead", { ...haunted, threads: 2, thread }, { bound: 2, pct: { schedules: 500, seed: 10 } });
});
