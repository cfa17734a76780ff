import { test } from "vitest";
import { Condition } from "../../src/condition.ts";
import { LockStateError } from "../../src/errors.ts";
import { Lock } from "../../src/lock.ts";
import { LINE } from "../../src/memory.ts";
import { RLock } from "../../src/rlock.ts";
import { count, counted, type Exploration, fired, ONCE, prove, reasonOf, soon, throws, unblockable } from "./scenario.ts";

// The lock lies in the first line, the condition in the second.
const condition: Pick<Exploration<Condition>, "create" | "open" | "bytes"> = {
  bytes: 3 * LINE,
  create: (memory) => void new Condition(new Lock({ memory }), { memory }),
  open: (at) => new Condition(undefined, undefined, { at: { memory: at.memory, offset: LINE }, lock: new Lock(undefined, at) }),
};
const nested: Pick<Exploration<Condition>, "create" | "open"> = {
  create: (memory) => void new Condition(new RLock({ memory }), { memory }),
  open: (at) => new Condition(undefined, undefined, { at: { memory: at.memory, offset: LINE }, lock: new RLock(undefined, at) }),
};

/** Nobody is inside any more. */
const empty: Exploration<Condition>["final"] = (c) => {
  const words = new Int32Array(c.buffer, LINE);
  c.assert(words[0] === 0, `${words[0]} waiters or notifications are left over`);
  c.assert(((words[4] as number) & 0xffff) === 0, "somebody is still counted as asleep");
};

/** Cells: how many wait that nobody notified, how many were notified, how many woke. */
const WAITING = 0;
const NOTIFIED = 1;
const WOKEN = 2;
/** A word behind the condition. */
const COMING: number = (2 * LINE) / 4;

const notify: (c: Parameters<Exploration<Condition>["thread"]>[0], changed: Condition, n: number) => void = (c, changed, n) => {
  const count = Math.min(n, c.get(WAITING));
  c.set(WAITING, c.get(WAITING) - count);
  c.set(NOTIFIED, c.get(NOTIFIED) + count);
  changed.notify(n);
};

const woken: (c: Parameters<Exploration<Condition>["thread"]>[0], ok: boolean) => void = (c, ok) => {
  c.assert(ok, "a wait without timeout timed out");
  c.set(WOKEN, c.get(WOKEN) + 1);
  c.assert(c.get(WOKEN) <= c.get(NOTIFIED), `${c.get(WOKEN)} woke, ${c.get(NOTIFIED)} were notified`);
};

test("a notify wakes as many as it says, of those that wait", async () => {
  const thread: Exploration<Condition>["thread"] = (c, changed) => {
    if (c.id > 0) {
      changed.run(() => {
        c.set(WAITING, c.get(WAITING) + 1);
        count(c, COMING);
        woken(c, changed.wait());
      });
      return;
    }
    for (let coming = 1; coming < c.threads; coming++) {
      // Whoever has come is inside `wait` once this thread has the lock.
      counted(c, COMING, coming);
      changed.run(() => notify(c, changed, 1));
    }
  };
  await prove("Condition notify 2", { ...condition, threads: 2, thread, final: empty }, { bound: 3, pct: { schedules: 5000, seed: 1 } });
  await prove("Condition notify 3", { ...condition, threads: 3, thread, final: empty }, { bound: 1, wakes: "any", pct: { schedules: 5000, seed: 2 } });
});

test("a waiter that comes later does not take the notification of one before", async () => {
  const thread: Exploration<Condition>["thread"] = (c, changed) =>
    changed.run(() => {
      if (c.get(WAITING) === 0) {
        c.set(WAITING, 1);
        c.assert(changed.wait(), "a wait without timeout timed out");
        changed.notify();
      } else {
        changed.notify();
        c.assert(changed.wait(), "a wait without timeout timed out");
      }
    });
  await prove("Condition ping-pong", { ...condition, threads: 2, thread, final: empty }, { bound: 3, pct: { schedules: 3000, seed: 3 } });
});

test("notifyAll wakes blocking and async waiters, at every level of a re-entrant lock", async () => {
  const thread: Exploration<Condition>["thread"] = async (c, changed) => {
    if (c.id === 0) {
      changed.run(() => {
        c.set(3, 1);
        changed.notifyAll();
      });
    } else if (c.id === 1) {
      changed.run(() =>
        changed.run(() =>
          c.assert(
            changed.waitFor(() => c.get(3) === 1),
            "a wait without timeout timed out",
          ),
        ),
      );
      c.assert(!changed.held, "a level was lost or gained");
    } else {
      await changed.runAsync(async () => c.assert(await changed.waitForAsync(() => c.get(3) === 1), "a wait without timeout timed out"));
      c.assert(!changed.held, "a level was lost or gained");
    }
  };
  await prove("Condition mixed", { ...nested, threads: 3, thread, final: empty }, { bound: 1, pct: { schedules: 4000, seed: 4 } });
});

test("an async waiter that is aborted or times out, and a steady one: one notify reaches one of them", async () => {
  const thread: Exploration<Condition>["thread"] = async (c, changed) => {
    if (c.id === 0) {
      changed.run(() => {
        c.set(3, 1);
        changed.notify();
      });
    } else if (c.id === 1) {
      const controller = new AbortController();
      setTimeout(() => controller.abort("enough"), 5);
      await changed.runAsync(async () => {
        const wait = changed.waitAsync({ signal: controller.signal, timeout: 5 });
        const notified = await wait.catch((reason: unknown) => {
          c.assert(reason === "enough", String(reason));
          return false;
        });
        c.assert(changed.held, "it came back without the lock");
        // If the notification came to this one, it passes it on.
        if (notified) changed.notify();
      });
    } else {
      changed.run(() => {
        while (c.get(3) === 0) changed.wait();
      });
    }
  };
  await prove("Condition abort", { ...condition, threads: 3, thread, final: empty }, { bound: 1, pct: { schedules: 4000, seed: 5 } });
});

test("a timed waiter and a steady one: one notify reaches one of them", async () => {
  const thread: Exploration<Condition>["thread"] = (c, changed) =>
    changed.run(() => {
      if (c.id === 0) {
        c.set(3, 1);
        changed.notify();
      } else if (c.id === 1) {
        // If the notification came to this one, it passes it on.
        if (changed.wait({ timeout: 10 })) changed.notify();
      } else {
        while (c.get(3) === 0) changed.wait();
      }
    });
  await prove("Condition timeout", { ...condition, threads: 3, thread, final: empty }, { bound: 1, wakes: "any", pct: { schedules: 4000, seed: 6 } });
});

test("without the lock, nothing is waited for and nobody is notified", async () => {
  const thread: Exploration<Condition>["thread"] = async (c, changed) => {
    c.assert(
      throws(LockStateError, () => changed.wait()),
      "it waited without the lock",
    );
    c.assert(
      throws(LockStateError, () => changed.notify()),
      "it notified without the lock",
    );
    c.assert(
      throws(LockStateError, () => changed.notifyAll()),
      "it notified without the lock",
    );
    c.assert((await reasonOf(changed.waitAsync())) instanceof LockStateError, "it waited without the lock");
    c.assert((await reasonOf(changed.waitForAsync(() => true))) instanceof LockStateError, "it waited without the lock");
    c.assert(
      throws(LockStateError, () => changed.waitFor(() => true)),
      "it waited without the lock",
    );
    changed.run(() => {});
  };
  await prove("Condition stranger", { ...condition, threads: 2, thread, final: empty }, { bound: 2, pct: { schedules: 100, seed: 8 } });
});

test("a waiter that dies at any step hangs nobody", async () => {
  const thread: Exploration<Condition>["thread"] = (c, changed) => {
    changed.lock.acquire();
    try {
      if (c.id === 2) {
        c.set(3, 1);
        changed.notifyAll();
      } else {
        while (c.get(3) === 0) changed.wait();
      }
    } finally {
      changed.lock.release();
    }
  };
  const exploration: Exploration<Condition> = {
    create: (memory) => void new Condition(new Lock({ memory, onOwnerDeath: "release" }), { memory }),
    open: condition.open,
    threads: 3,
    thread,
    deaths: { threads: [0], max: 1 },
  };
  await prove("Condition death", exploration, { bound: 1, pct: { schedules: 3000, seed: 7 } });
});

test("a try does not wait, and a timeout is kept", async () => {
  const thread: Exploration<Condition>["thread"] = async (c, changed) => {
    const start = c.now();
    changed.acquire();
    c.assert(!changed.wait({ timeout: 0 }) && c.now() === start, "a try waited");
    c.assert(!changed.wait({ timeout: 1 }) && c.now() === start + 1, "it did not wait for 1 ms");
    c.assert(!changed.waitFor(() => false, { timeout: 0 }) && c.now() === start + 1, "a try waited");
    c.assert(!changed.waitFor(() => false, { timeout: 1 }) && c.now() === start + 2, "it did not wait for 1 ms");
    const tried = changed.waitAsync({ timeout: 0 });
    c.assert((await soon(tried)) && !(await tried), "an async try waited");
    c.assert(!(await changed.waitAsync({ timeout: 1 })) && c.now() === start + 3, "it did not wait for 1 ms");
    const triedFor = changed.waitForAsync(() => false, { timeout: 0 });
    c.assert((await soon(triedFor)) && !(await triedFor), "an async try waited");
    c.assert(!(await changed.waitForAsync(() => false, { timeout: 1 })) && c.now() === start + 4, "it did not wait for 1 ms");
    c.assert((await reasonOf(changed.waitAsync({ signal: fired("enough") }))) === "enough", "it waited although its signal had fired");
    c.assert((await reasonOf(changed.waitForAsync(() => true, { signal: fired("enough") }))) === "enough", "it waited although its signal had fired");
    changed.release();
  };
  await prove("Condition limits", { ...condition, threads: 1, thread, final: empty }, ONCE);
});

test("an async wait comes back to a re-entrant lock at the level of before", async () => {
  const thread: Exploration<Condition>["thread"] = async (c, changed) => {
    changed.acquire().acquire();
    await changed.waitAsync({ timeout: 1 });
    changed.release();
    c.assert(changed.held, "a level was lost");
    changed.release();
    c.assert(!changed.held, "a level was gained");
  };
  await prove("Condition levels", { ...nested, threads: 1, thread, final: empty }, ONCE);
});

test("a wait that is refused changes nothing", async () => {
  const crowded: Exploration<Condition>["thread"] = (c, changed) => {
    const words = new Int32Array(c.buffer, LINE);
    changed.acquire();
    // Room for one more, of those that wait and those that were notified.
    Atomics.store(words, 0, (65_532 << 16) | 2);
    c.assert(!changed.wait({ timeout: 0 }), "it was notified");
    Atomics.store(words, 0, (65_532 << 16) | 3);
    c.assert(
      throws(RangeError, () => changed.wait({ timeout: 0 })),
      "there are too many waiters",
    );
    c.assert(changed.held && Atomics.load(words, 0) === ((65_532 << 16) | 3), "it was counted");
    Atomics.store(words, 0, 0);
    changed.release();
  };
  await prove("Condition crowd", { ...condition, threads: 1, thread: crowded, final: empty }, ONCE);
  const thread: Exploration<Condition>["thread"] = (c, changed) => {
    changed.acquire();
    c.assert(
      throws(TypeError, () => changed.wait()),
      "it blocked",
    );
    c.assert(changed.held && Atomics.load(new Int32Array(c.buffer, LINE), 0) === 0, "it was counted");
    changed.release();
  };
  await prove("Condition unblockable", { ...condition, open: (at, c) => condition.open(unblockable(at), c), threads: 1, thread, final: empty }, ONCE);
});

test("a notify without a number reaches one, and an async wait without timeout does not end before", async () => {
  const thread: Exploration<Condition>["thread"] = async (c, changed) => {
    const words = new Int32Array(c.buffer, LINE);
    const waits = [0, 1, 2].map(() => changed.runAsync(() => changed.waitAsync()));
    while (Atomics.load(words, 0) !== 3 << 16) await new Promise((resolve) => setTimeout(resolve, 1));
    await changed.runAsync(() => {
      changed.notify();
      c.assert(Atomics.load(words, 0) === ((2 << 16) | 1), "it reached not one");
      changed.notify(0);
      changed.notify(-1);
      c.assert(Atomics.load(words, 0) === ((2 << 16) | 1), "none was to be reached");
      changed.notify(2);
      c.assert(Atomics.load(words, 0) === 3, "it reached not two");
    });
    for (const wait of waits) c.assert(await wait, "a wait without timeout timed out");
  };
  await prove("Condition counts", { ...condition, threads: 1, thread, final: empty }, ONCE);
  const pair: Exploration<Condition>["thread"] = async (c, changed) => {
    if (c.id === 0) {
      changed.run(() => {
        c.set(3, 1);
        changed.notify();
      });
    } else {
      await changed.runAsync(async () => {
        if (c.get(3) === 0) c.assert(await changed.waitAsync(), "a wait without timeout timed out");
      });
    }
  };
  await prove("Condition async wait", { ...condition, threads: 2, thread: pair, final: empty }, { bound: 2, pct: { schedules: 500, seed: 9 } });
});
