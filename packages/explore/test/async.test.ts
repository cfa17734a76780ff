import { expect, test } from "vitest";
import { check, explore, type Scenario } from "../src/index.ts";

/** Older runtimes lack it. */
const pause = (): void => (Atomics as { pause?(): void }).pause?.();

function program(threads: number, thread: Scenario["thread"], final?: Scenario["final"]): Scenario {
  return { threads, bytes: 64, thread, ...(final && { final }) };
}

test("blocking and async waiters queue in one line", async () => {
  const scenario = program(3, async ({ id, buffer }) => {
    const words = new Int32Array(buffer);
    if (id === 0) Atomics.store(words, 1 + (await Atomics.waitAsync(words, 0, 0).value).length, 1);
    if (id === 1) Atomics.wait(words, 0, 0);
    if (id === 2) {
      let woken = 0;
      while (woken < 2) woken += Atomics.notify(words, 0, 1);
    }
  });
  expect(check(await explore(scenario, { bound: 1 })).complete).toBe(true);
});

test("waitAsync answers at once where the value differs or there is no time", async () => {
  const scenario = program(1, async ({ buffer, assert }) => {
    const words = new Int32Array(buffer);
    const differs = Atomics.waitAsync(words, 0, 1);
    assert(!differs.async && differs.value === "not-equal", "it must not wait");
    const late = Atomics.waitAsync(words, 0, 0, 0);
    assert(!late.async && late.value === "timed-out", "it must not wait");
    assert((await Atomics.waitAsync(words, 0, 0, 10).value) === "timed-out", "it must time out");
  });
  expect(check(await explore(scenario)).complete).toBe(true);
});

test("a ticket that nobody wakes after its thread has ended is no deadlock", async () => {
  const scenario = program(1, ({ buffer }) => {
    void Atomics.waitAsync(new Int32Array(buffer), 0, 0).value;
  });
  expect(check(await explore(scenario)).complete).toBe(true);
});

test("jobs that become ready after the end of their thread still run", async () => {
  const scenario = program(
    2,
    ({ id, buffer }) => {
      const words = new Int32Array(buffer);
      if (id === 1) {
        while (Atomics.notify(words, 0) === 0) pause();
      } else {
        void (async () => {
          await Atomics.waitAsync(words, 0, 0).value;
          Atomics.store(words, 1, 1);
        })();
      }
    },
    ({ buffer, assert }) => assert(new Int32Array(buffer)[1] === 1, "the continuation did not run"),
  );
  expect(check(await explore(scenario, { bound: 1 })).complete).toBe(true);
});

test("a promise that nothing settles is a deadlock", async () => {
  const { finding } = await explore(program(1, () => new Promise(() => {})));
  expect(finding).toMatchObject({ kind: "deadlock", message: "nothing can move: thread 0 has a promise that nothing will settle" });
});

test("a thread that blocks runs none of its jobs", async () => {
  const scenario = program(2, async ({ id, buffer }) => {
    const words = new Int32Array(buffer);
    if (id === 1) {
      Atomics.notify(words, 0);
      return;
    }
    const ticket = Atomics.waitAsync(words, 0, 0).value;
    void Promise.resolve(ticket).then(() => Atomics.notify(words, 4));
    Atomics.wait(words, 4, 0);
  });
  expect((await explore(scenario)).finding).toMatchObject({ kind: "deadlock", message: "nothing can move: thread 0 sleeps @16" });
});

test("timers fire in any order, unless they are cleared, and intervals never while nobody dies", async () => {
  const orders = new Set<string>();
  const scenario = program(1, async ({ assert }) => {
    let order = "";
    const after = (name: string, delay: number): Promise<void> =>
      new Promise((resolve) => {
        const fire = (text: string): void => {
          order += text;
          resolve();
        };
        setTimeout(fire, delay, name);
      });
    const never = (): never => assert(false, "it fired") as never;
    const cleared = setTimeout(never, 1);
    for (const period of [1, 50]) setInterval(never, period).unref?.();
    const both = Promise.all([after("a", 10), after("b", 20)]);
    clearTimeout(cleared);
    await both;
    orders.add(order);
  });
  expect(check(await explore(scenario)).schedules).toBe(2);
  expect([...orders].sort()).toEqual(["ab", "ba"]);
});

test("async code that swallows errors is taken off the stack all the same", async () => {
  let unhandled = 0;
  const count = (): void => {
    unhandled++;
  };
  process.on("unhandledRejection", count);
  const scenario = program(
    2,
    async ({ buffer }) => {
      const words = new Int32Array(buffer);
      const step = async (): Promise<void> => {
        try {
          Atomics.add(words, 0, 1);
          await undefined;
          Atomics.add(words, 0, 1);
        } catch (cause) {
          throw new Error("wrapped", { cause });
        } finally {
          Atomics.add(words, 0, 1);
        }
      };
      const lost = step();
      await step().catch(() => Atomics.add(words, 1, 1));
      await lost;
    },
    ({ buffer, assert }) => assert(new Int32Array(buffer).slice(0, 2).join() === "12,0", "an unwinding thread did something"),
  );
  check(await explore(scenario));
  process.off("unhandledRejection", count);
  expect(unhandled).toBe(0);
});

// Bun tells of rejections only when many turns have passed.
test.skipIf("bun" in process.versions)("a rejection that nobody handles is a finding", async () => {
  const scenario = program(1, async () => {
    void Promise.reject(new RangeError("no"));
    await undefined;
  });
  expect((await explore(scenario)).finding).toMatchObject({ kind: "error", message: "thread 0 left a rejected promise: RangeError: no" });
});

test("the program around it keeps its own timers and clocks", async () => {
  const start = performance.now();
  let ticks = 0;
  const interval = setInterval(() => ticks++, 1);
  const scenario = program(3, async ({ buffer }) => {
    for (let i = 0; i < 3; i++) {
      Atomics.add(new Int32Array(buffer), 0, 1);
      await undefined;
    }
  });
  const { seconds } = check(await explore(scenario, { bound: 3 }));
  clearInterval(interval);
  expect(ticks).toBeGreaterThan(0);
  expect(performance.now() - start).toBeGreaterThanOrEqual(seconds * 1000);
});
