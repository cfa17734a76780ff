import { test } from "vitest";
import { AbandonedLockError, DeadlockError, LockStateError } from "../../src/errors.ts";
import type { Place } from "../../src/memory.ts";
import { RWLock } from "../../src/rwlock.ts";
import { read, rwlock, type Thread, write } from "./rwlocks.ts";
import { type Exploration, ONCE, prove, soon, throws, unblockable } from "./scenario.ts";

/** The place as a thread in another slot of the roster sees it, where all live but one. */
function seenBy(at: Place, slot: number, dead: () => number): Place {
  const roster = { ...at.memory.roster, alive: (other: number) => other !== dead() };
  return { memory: { ...at.memory, agent: { ...at.memory.agent, slot, generation: 5 }, roster }, offset: at.offset };
}

test("a writer sees every reader, near and far, also after one of them died", async () => {
  const slots = [0, 1, 31, 32, 33, 34, 63, 64, 65, 97, 960, 1023];
  const thread: Exploration<Place>["thread"] = (c, at) => {
    let dead = -1;
    // The sequences in the second line: whoever drops a bit must not hit them.
    const words = new Int32Array(c.buffer);
    const sequences = [16, 17, 19, 20];
    for (const word of sequences) Atomics.store(words, word, -1);
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
    for (const word of sequences) c.assert(Atomics.load(words, word) === -1, `word ${word} was changed`);
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

test("whoever recovers from a writer that died waits for the readers", async () => {
  const { open, bytes } = rwlock();
  const left: Pick<Exploration<RWLock>, "create" | "open" | "bytes"> = {
    create(memory) {
      // Thread 0 reads; the owner of the write lock is of a life that is over.
      new RWLock({ memory }).readLock.acquire();
      new Int32Array(memory.buffer)[0] = (33 << 2) | (7 << 12);
    },
    open,
    bytes: bytes as number,
  };
  const thread: Thread = (c, { readLock, writeLock }) => {
    if (c.id === 0) return readLock.release();
    c.assert(
      throws(AbandonedLockError, () => writeLock.acquire()),
      "nobody said that the writer died",
    );
    c.assert(writeLock.recover() && writeLock.held && !readLock.locked, "it was recovered beside a reader");
    writeLock.release();
  };
  await prove("RWLock recovery", { ...left, threads: 2, thread }, { bound: 2, pct: { schedules: 200, seed: 11 } });
});

test("recovery that cannot wait for a reader takes nothing; async, it waits", async () => {
  const thread: Exploration<Place>["thread"] = async (c, at) => {
    const words = new Int32Array(c.buffer);
    const dead = (33 << 2) | (7 << 12);
    const at1 = seenBy(at, 1, () => 33);
    const reader = new RWLock(undefined, at1);
    const at500 = seenBy(at, 500, () => 33);
    const { writeLock } = new RWLock(undefined, at500);
    const page = new RWLock(undefined, unblockable(at500)).writeLock;
    reader.readLock.acquire();
    c.assert(!page.recover() && !(await writeLock.recoverAsync()), "there was nothing to recover");
    words[0] = dead;
    c.assert(
      throws(TypeError, () => page.recover()),
      "it blocked",
    );
    c.assert(
      throws(DeadlockError, () => reader.writeLock.recover()),
      "it waited for itself",
    );
    c.assert(words[0] === dead, "it was taken");
    const recovered = writeLock.recoverAsync();
    c.assert(!(await soon(recovered)) && !writeLock.held, "it did not wait for the reader");
    c.assert(
      throws(LockStateError, () => writeLock.release()),
      "it was released before it was held",
    );
    await new Promise((resolve) => setTimeout(resolve, 10));
    reader.readLock.release();
    c.assert((await recovered) && writeLock.held, "it was not recovered");
    writeLock.release();
    words[0] = dead;
    c.assert(page.recover() && page.held, "nobody had to be waited for");
    page.release();
    words[0] = dead;
    c.assert((await writeLock.recoverAsync()) && writeLock.held, "it was not recovered");
    writeLock.release();
  };
  const { create, bytes } = rwlock();
  await prove("RWLock refused recovery", { create, bytes: bytes as number, open: (at) => at, threads: 1, thread }, ONCE);
});

test("an async writer does not seem to write before the readers have left", async () => {
  const thread: Exploration<Place>["thread"] = async (c, at) => {
    const seen = seenBy(at, 500, () => -1);
    // Whether a reader lives is asked in the very moment.
    const alive = (): boolean => {
      c.assert(!writeLock.held, "it seems to write");
      return true;
    };
    const { writeLock } = new RWLock(undefined, { ...seen, memory: { ...seen.memory, roster: { ...seen.memory.roster, alive } } });
    const other = new RWLock(
      undefined,
      seenBy(at, 1, () => -1),
    );
    for (const waits of [false, true]) {
      other.writeLock.acquire();
      if (!waits) other.writeLock.release();
      if (!waits) other.readLock.acquire();
      const writes = writeLock.acquireAsync();
      if (waits) {
        other.writeLock.release();
        other.readLock.acquire();
      }
      c.assert(!(await soon(writes)) && !writeLock.held, "it writes beside a reader");
      await new Promise((resolve) => setTimeout(resolve, 5));
      other.readLock.release();
      await writes;
      c.assert(writeLock.held, "it does not write");
      writeLock.release();
    }
  };
  const { create, bytes } = rwlock();
  await prove("RWLock async writer", { create, bytes: bytes as number, open: (at) => at, threads: 1, thread }, ONCE);
});

test("whoever wants to read and finds that the writer died wakes one sleeper, where the lock is handed over", async () => {
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
    const { readLock } = new RWLock(undefined, { memory: { ...memory, waiter }, offset });
    words[0] = (33 << 2) | (7 << 12);
    c.assert(readLock.tryAcquire() && words[0] === 0, "it does not read");
    c.assert(woken.join() === "1", `a death wakes ${woken}`);
  };
  const { create, bytes } = rwlock({ onOwnerDeath: "release" });
  await prove("RWLock wakes", { create, bytes: bytes as number, open: (at) => at, threads: 1, thread }, ONCE);
});
