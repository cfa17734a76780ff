import { test } from "vitest";
import { Condition } from "../../src/condition.ts";
import { Lock } from "../../src/lock.ts";
import { LINE } from "../../src/memory.ts";
import { condition, empty, nested } from "./conditions.ts";
import { count, counted, type Exploration, prove } from "./scenario.ts";

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
  // Each waiter looks on before it sleeps.
  await prove("Condition looks 2", { ...condition, threads: 2, thread, final: empty, looks: 2 }, { bound: 3, pct: { schedules: 3000, seed: 11 } });
  await prove(
    "Condition looks 3",
    { ...condition, threads: 3, thread, final: empty, looks: 1 },
    { bound: 1, wakes: "any", pct: { schedules: 3000, seed: 12 } },
  );
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
