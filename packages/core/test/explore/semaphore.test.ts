import { test } from "vitest";
import { BoundedSemaphore } from "../../src/bounded-semaphore.ts";
import { TimeoutError } from "../../src/errors.ts";
import { Semaphore } from "../../src/semaphore.ts";
import { type Exploration, fired, ONCE, prove, reasonOf, soon, throws } from "./scenario.ts";

const semaphore = (value: number): Pick<Exploration<Semaphore>, "create" | "open"> => ({
  create: (memory) => void new Semaphore(value, { memory }),
  open: (at) => new Semaphore(undefined, undefined, at),
});

const left =
  (value: number): Exploration<Semaphore>["final"] =>
  (c) => {
    const words = new Int32Array(c.buffer);
    c.assert(words[0] === value, `${words[0]} permits are left of ${value}`);
  };

test("permits limit how many are inside", async () => {
  const thread: Exploration<Semaphore>["thread"] = (_c, permits) => {
    for (let i = 0; i < 2; i++) permits.run(() => {});
  };
  await prove("Semaphore(1) 2x2", { ...semaphore(1), threads: 2, thread, final: left(1) }, { bound: 3, pct: { schedules: 4000, seed: 1 } });
  await prove("Semaphore(2) 3x2", { ...semaphore(2), threads: 3, thread, final: left(2) }, { bound: 2, wakes: "any", pct: { schedules: 4000, seed: 2 } });
});

test("posts pile up before the first sleeper runs: each is taken", async () => {
  const thread: Exploration<Semaphore>["thread"] = (c, permits) => {
    if (c.id > 0) return void permits.acquire();
    permits.release();
    permits.release(2);
  };
  await prove("Semaphore posts", { ...semaphore(0), threads: 4, thread, final: left(0) }, { bound: 1, wakes: "any", pct: { schedules: 4000, seed: 3 } });
});

test("a waiter that looks on before it sleeps", async () => {
  const thread: Exploration<Semaphore>["thread"] = (_c, permits) => {
    for (let i = 0; i < 2; i++) permits.run(() => {});
  };
  await prove("Semaphore looks", { ...semaphore(1), threads: 2, thread, final: left(1), looks: 2 }, { bound: 3, pct: { schedules: 3000, seed: 11 } });
  const post: Exploration<Semaphore>["thread"] = (c, permits) => {
    if (c.id > 0) return void permits.acquire();
    permits.release();
    permits.release();
  };
  await prove(
    "Semaphore posts looks",
    { ...semaphore(0), threads: 3, thread: post, final: left(0), looks: 1 },
    { bound: 2, pct: { schedules: 3000, seed: 12 } },
  );
});

test("a waiter for several swallows no wake of a waiter for one", async () => {
  const thread: Exploration<Semaphore>["thread"] = (c, permits) => {
    if (c.id === 0) permits.acquire({ permits: 3 }).release(3);
    else if (c.id === 1) permits.acquire().release(3);
    else permits.release();
  };
  await prove("Semaphore mixed amounts", { ...semaphore(0), threads: 3, thread, final: left(3) }, { bound: 2, pct: { schedules: 4000, seed: 4 } });
});

test("async waiters for different amounts do not stand in each other's way", async () => {
  const thread: Exploration<Semaphore>["thread"] = async (c, permits) => {
    if (c.id === 1) return permits.release();
    const several = permits.acquireAsync({ permits: 2 }).then(() => permits.release(2));
    const one = permits.acquireAsync().then(() => permits.release(2));
    await Promise.all([several, one]);
  };
  await prove("Semaphore async amounts", { ...semaphore(0), threads: 2, thread, final: left(2) }, { bound: 2, pct: { schedules: 3000, seed: 5 } });
});

test("waiters that give up, blocking and async, lose no wake", async () => {
  const thread: Exploration<Semaphore>["thread"] = async (c, permits) => {
    if (c.id === 0) {
      permits.release();
    } else if (c.id === 1) {
      if (permits.tryAcquire({ timeout: 10 })) permits.release();
    } else {
      const controller = new AbortController();
      setTimeout(() => controller.abort("enough"), 5);
      const aborted = permits.acquireAsync({ signal: controller.signal }).then(
        () => permits.release(),
        (reason: unknown) => c.assert(reason === "enough", String(reason)),
      );
      const timed = permits.acquireAsync({ timeout: 5 }).then(
        () => permits.release(),
        (reason: unknown) => c.assert(reason instanceof TimeoutError, String(reason)),
      );
      await permits.acquireAsync();
      permits.release();
      await Promise.all([aborted, timed]);
    }
  };
  await prove(
    "Semaphore give up",
    { ...semaphore(0), threads: 3, thread, final: left(1) },
    { bound: 1, maxSchedules: 20_000, pct: { schedules: 2000, seed: 6 } },
  );
});

test("a waiter that dies with a wake in its hands hangs nobody", async () => {
  const thread: Exploration<Semaphore>["thread"] = (c, permits) => {
    // At most one of the two permits dies with thread 0.
    if (c.id === 2) permits.release();
    if (c.id === 2) permits.release();
    else permits.acquire();
  };
  await prove("Semaphore death", { ...semaphore(0), threads: 3, thread, deaths: { threads: [0], max: 1 } }, { bound: 1, pct: { schedules: 2000, seed: 7 } });
});

test("a bounded one never has more permits than at first", async () => {
  // One permit; each thread also releases once too often, which is refused unless it gives back what another holds: then
  // the other's own release is.
  const thread: Exploration<BoundedSemaphore>["thread"] = (c, permits) => {
    permits.acquire();
    const refused = [throws(RangeError, () => permits.release()), throws(RangeError, () => permits.release())];
    c.set(10 + c.id, refused.filter(Boolean).length);
  };
  await prove(
    "BoundedSemaphore",
    {
      create: (memory) => void new BoundedSemaphore(1, { memory }),
      open: (at) => new BoundedSemaphore(undefined, undefined, at),
      threads: 3,
      thread,
      final: (c) => {
        const refused = c.get(10) + c.get(11) + c.get(12);
        // Three acquired and six released: three too many.
        c.assert(refused === 3 && new Int32Array(c.buffer)[0] === 1, `${refused} releases were refused of 3 too many`);
      },
    },
    { bound: 2, pct: { schedules: 20_000, seed: 8 } },
  );
});

test("waiters for several each: whoever can go on is woken", async () => {
  const thread: Exploration<Semaphore>["thread"] = (c, permits) => {
    if (c.id === 0) return void permits.acquire({ permits: 3 });
    if (c.id === 1) return permits.acquire({ permits: 2 }).release(3);
    permits.release();
    permits.release();
  };
  await prove(
    "Semaphore several amounts",
    { ...semaphore(0), threads: 3, thread, final: left(0) },
    { bound: 1, wakes: "any", pct: { schedules: 1000, seed: 9 } },
  );
});

test("a try does not wait, and a timeout is kept", async () => {
  const thread: Exploration<Semaphore>["thread"] = async (c, permits) => {
    const start = c.now();
    for (const amount of [1, 2]) {
      c.assert(!permits.tryAcquire({ permits: amount }) && c.now() === start + 2 * (amount - 1), "a try waited");
      c.assert(!permits.tryAcquire({ permits: amount, timeout: 1 }), "there was none");
      const tried = permits.tryAcquireAsync({ permits: amount });
      c.assert((await soon(tried)) && !(await tried), "an async try waited");
      c.assert(!(await permits.tryAcquireAsync({ permits: amount, timeout: 1 })) && c.now() === start + 2 * amount, "it did not wait for 1 ms");
    }
    c.assert((await reasonOf(permits.acquireAsync({ signal: fired("enough") }))) === "enough", "it waited although its signal had fired");
    permits.release(2 ** 31 - 1);
    c.assert(
      throws(RangeError, () => permits.release()),
      "there are more than there can be",
    );
    permits.acquire({ permits: 2 ** 31 - 1 });
  };
  await prove("Semaphore limits", { ...semaphore(0), threads: 1, thread, final: left(0) }, ONCE);
  await prove(
    "BoundedSemaphore limits",
    {
      create: (memory) => void new BoundedSemaphore(2, { memory }),
      open: (at) => new BoundedSemaphore(undefined, undefined, at),
      threads: 1,
      thread: (c, permits) => {
        permits.acquire();
        c.assert(throws(RangeError, () => permits.release(2)) && permits.value === 1, "it gave more than it had");
        permits.release();
        c.assert(throws(RangeError, () => permits.release()) && permits.value === 2, "it gave more than it had");
      },
    },
    ONCE,
  );
});
