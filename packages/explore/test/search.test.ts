import { expect, test } from "vitest";
import { check, explore, replay, type Scenario } from "../src/index.ts";
import { scenario as uncheckedRelease } from "./fixtures/bugs/unchecked-release.ts";
import { asyncMutex, barrier, condition, mutex, semaphore, timedMutex } from "./fixtures/clean.ts";

/** Runs a scenario, and collects the memory with which its schedules end. */
async function outcomes(scenario: Scenario, options: { bound: number; cache?: boolean }): Promise<{ schedules: number; ends: Set<string> }> {
  const ends = new Set<string>();
  const { schedules } = check(
    await explore(
      {
        ...scenario,
        final(context) {
          scenario.final?.(context);
          ends.add(`${new Uint8Array(context.buffer).join()}/${context.get(0)}`);
        },
      },
      options,
    ),
  );
  return { schedules, ends };
}

/** Whoever comes last, and what each saw, stays in memory. */
const traces: Scenario = {
  threads: 3,
  bytes: 64,
  thread({ id, buffer }) {
    const words = new Int32Array(buffer);
    for (let i = 0; i < 2; i++) {
      const seen = Atomics.exchange(words, 0, id + 1);
      Atomics.store(words, 1 + id * 2 + i, seen + 1);
    }
  },
};

test.each<[string, Scenario]>([
  ["mutex", mutex(2, 2)],
  ["async mutex", asyncMutex(2, 2)],
  ["timed mutex", timedMutex],
  ["barrier", barrier],
  ["condition", condition],
  ["semaphore", semaphore],
  ["last words", traces],
])("the cache loses no final state: %s", async (_name, scenario) => {
  const plain = await outcomes(scenario, { bound: 3 });
  const cached = await outcomes(scenario, { bound: 3, cache: true });
  expect(cached.ends).toEqual(plain.ends);
  expect(cached.schedules).toBeLessThan(plain.schedules);
});

test.each([
  [2, 3, 20],
  [3, 2, 90],
  [2, 5, 252],
])("without a bound, %i threads with %i operations each have %i schedules", async (threads, operations, schedules) => {
  const scenario: Scenario = {
    threads,
    bytes: 64,
    thread({ buffer }) {
      for (let i = 0; i < operations; i++) Atomics.add(new Int32Array(buffer), 0, 1);
    },
  };
  expect(await explore(scenario, { bound: Infinity })).toMatchObject({ schedules, complete: true });
});

test("a higher bound sees more", async () => {
  const sizes = [];
  for (const bound of [0, 1, 2]) sizes.push((await outcomes(traces, { bound })).ends.size);
  expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
});

test("random schedules are the same for the same seed", async () => {
  const find = (seed: number) => explore(uncheckedRelease, { pct: { schedules: 1000, depth: 3, seed } });
  const [first, again, other] = [await find(7), await find(7), await find(8)];
  expect(again).toEqual({ ...first, seconds: again.seconds });
  expect(other.finding?.schedule).not.toBe(first.finding?.schedule);
});

test("a search that is cut short is not complete", async () => {
  expect(await explore(mutex(3, 2), { maxSchedules: 10 })).toMatchObject({ schedules: 10, complete: false });
  expect(await explore(mutex(2, 1), { pct: { schedules: 10 } })).toMatchObject({ schedules: 10, complete: false });
  expect(await explore(mutex(2, 2), { bound: 2, pct: { schedules: 10 } })).toMatchObject({ schedules: 60, complete: true });
});

test("explorations that are started together do not meet", async () => {
  const all = await Promise.all([explore(mutex(2, 2)), explore(asyncMutex(2, 2)), explore(mutex(2, 2))]);
  expect(all.map(({ schedules }) => schedules)).toEqual([50, 50, 50]);
});

test("any-order wakes are choices", async () => {
  const scenario: Scenario = {
    threads: 3,
    bytes: 64,
    thread({ id, buffer, assert }) {
      const words = new Int32Array(buffer);
      if (id === 2) {
        Atomics.store(words, 0, 1);
        Atomics.notify(words, 0, 1);
        return;
      }
      // Thread 0 is asleep before thread 1 where nobody is preempted.
      if (id === 1 && Atomics.load(words, 1) === 0) return;
      Atomics.store(words, 1, 1);
      const how = Atomics.wait(words, 0, 0);
      if (how === "ok" && id === 1) assert(Atomics.load(words, 2) === 1, "the second was woken first");
      Atomics.store(words, 2, 1);
      Atomics.notify(words, 0);
    },
  };
  expect((await explore(scenario, { bound: 0 })).finding).toBeUndefined();
  const { finding } = await explore(scenario, { bound: 0, wakes: "any" });
  expect(finding).toMatchObject({ kind: "assertion", schedule: expect.stringContaining("w1") });
  expect(await replay(scenario, finding?.schedule ?? "", { wakes: "any" })).toEqual(finding);
});

test("a spinning thread lets others move, and its clock goes on", async () => {
  const scenario: Scenario = {
    threads: 2,
    bytes: 64,
    thread({ id, buffer }) {
      const words = new Int32Array(buffer);
      if (id === 1) Atomics.store(words, 0, 1);
      else while (Atomics.load(words, 0) === 0);
      const deadline = performance.now() + 3;
      while (performance.now() < deadline) Atomics.load(words, 1);
    },
  };
  expect(check(await explore(scenario, { bound: 1 })).complete).toBe(true);
});

test("going round for ever is a finding", async () => {
  const scenario: Scenario = {
    threads: 1,
    bytes: 64,
    thread({ buffer }) {
      for (;;) Atomics.load(new Int32Array(buffer), 0);
    },
  };
  expect((await explore(scenario, { maxSteps: 100 })).finding?.kind).toBe("steps");
});

test("state outside a thread is found out", async () => {
  let runs = 0;
  const scenario: Scenario = {
    threads: 2,
    bytes: 64,
    thread({ buffer }) {
      const words = new Int32Array(buffer);
      Atomics.load(words, runs++ % 7);
      Atomics.load(words, 4);
    },
  };
  const { finding } = await explore(scenario);
  expect(finding?.kind).toBe("nondeterminism");
  expect(finding?.message).toMatch(/keeps state in a module/);
});

test("an exception in a thread is a finding, and so is one in final", async () => {
  const thrown = new RangeError("no");
  const fails = (): never => {
    throw thrown;
  };
  expect((await explore({ threads: 1, bytes: 8, thread: fails })).finding).toMatchObject({
    kind: "error",
    message: "thread 0 threw RangeError: no",
    cause: thrown,
  });
  expect((await explore({ threads: 1, bytes: 8, thread: async () => fails() })).finding).toMatchObject({ kind: "error", cause: thrown });
  expect((await explore({ threads: 1, bytes: 8, thread: () => {}, final: fails })).finding).toMatchObject({ kind: "error", cause: thrown });
});

test("code that catches everything is taken off the stack all the same", async () => {
  const scenario: Scenario = {
    threads: 2,
    bytes: 64,
    thread({ id, buffer }) {
      const words = new Int32Array(buffer);
      try {
        if (id === 0) Atomics.wait(words, 0, 0);
        else Atomics.notify(words, 0);
      } catch (cause) {
        throw new TypeError("cannot block", { cause });
      } finally {
        try {
          Atomics.add(words, 1, 1);
        } catch {}
        Atomics.add(words, 1, 1);
      }
    },
    final({ buffer, assert }) {
      assert(new Int32Array(buffer)[1] === 4, "a finally block ran for an unwinding thread");
    },
  };
  // The wake may come before the wait: then there is nobody left to send it.
  const { finding } = await explore(scenario);
  expect(finding).toMatchObject({ kind: "deadlock", schedule: expect.stringMatching(/^0x1 1x\d 0|^1/) });
});

test("a schedule that does not fit is refused", async () => {
  await expect(replay(mutex(2, 1), "0x2 e1")).rejects.toThrow(/choice 3, e1, is not possible there: it could be/);
  await expect(replay(mutex(2, 1), "0x2 q1")).rejects.toThrow(SyntaxError);
  expect(await replay(mutex(2, 1), "0x2 1x1")).toBeUndefined();
});

test("check() throws what went wrong, with the schedule and its trace", async () => {
  const scenario: Scenario = {
    threads: 1,
    bytes: 64,
    thread({ buffer, assert }) {
      assert(Atomics.add(new Int32Array(buffer), 2, 5) === 1, "it was not 1");
    },
  };
  const result = await explore(scenario);
  expect(() => check(result)).toThrow('Schedule 1 went wrong (assertion): thread 0: it was not 1\nreplay with "0x1":\n  thread 0: add @8 (5) = 0');
});

test("clocks and randomness are virtual for threads, and real again afterwards", async () => {
  const before = Atomics.load;
  const seen: unknown[] = [];
  const scenario: Scenario = {
    threads: 1,
    bytes: 64,
    thread({ now, buffer }) {
      const first = [now(), performance.now(), Date.now(), Math.random()];
      Atomics.wait(new Int32Array(buffer), 0, 0, 7);
      seen.push([first, now() - (first[0] as number)]);
    },
  };
  check(await explore(scenario, { bound: 0 }));
  check(await explore(scenario, { bound: 0 }));
  expect(seen[0]).toEqual(seen[1]);
  expect(seen[0]).toEqual([[1000, 1000, Date.UTC(2020, 0, 1) + 1000, expect.any(Number)], 7]);
  expect(Atomics.load).toBe(before);
  expect(Date.now()).toBeGreaterThan(Date.UTC(2024));
});

test("an assertion of setup that fails is an error", async () => {
  const scenario: Scenario = { threads: 1, bytes: 64, setup: ({ assert }) => assert(false, "no room"), thread: () => {} };
  await expect(explore(scenario)).rejects.toThrow("Cannot explore as an assertion of setup failed: no room");
});
