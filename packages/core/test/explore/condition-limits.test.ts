import { test } from "vitest";
import type { Condition } from "../../src/condition.ts";
import { AbandonedLockError, LockStateError } from "../../src/errors.ts";
import { LINE } from "../../src/memory.ts";
import { condition, empty, nested } from "./conditions.ts";
import { type Exploration, fired, ONCE, prove, reasonOf, soon, throws, unblockable } from "./scenario.ts";

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
    const late = reasonOf(changed.waitAsync({ signal: fired("enough") }));
    c.assert(changed.held && (await late) === "enough", "it waited although its signal had fired");
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

test("a wait that finds the lock abandoned says so, through `run`", async () => {
  const thread: Exploration<Condition>["thread"] = (c, changed) => {
    if (c.id === 0) return changed.run(() => changed.notify());
    try {
      changed.run(() => changed.wait({ timeout: 10 }));
    } catch (error) {
      c.assert(error instanceof AbandonedLockError, String(error));
    }
  };
  const exploration = { ...condition, threads: 2, thread, deaths: { threads: [0], max: 1 } };
  await prove("Condition abandoned", exploration, { bound: 2, pct: { schedules: 500, seed: 9 } });
});
