import { expect, test } from "vitest";
import { check, explore, type Scenario } from "../src/index.ts";
import { Mutex } from "./fixtures/mutex.ts";

test("plain data in the buffer survives replay", async () => {
  const threads = 3;
  const scenario: Scenario = {
    threads,
    bytes: 64,
    thread({ buffer, mark, assert }) {
      const words = new Int32Array(buffer);
      const mutex = new Mutex(buffer);
      const seen: number[] = [];
      for (let i = 0; i < 2; i++) {
        mutex.lock();
        const before = words[8] as number;
        words[8] = before + 1;
        mark();
        assert(words[8] === before + 1, "somebody else was here");
        seen.push(before);
        mutex.unlock();
      }
      assert((seen[0] as number) < (seen[1] as number), "time ran backwards");
    },
    final({ buffer, assert }) {
      assert(new Int32Array(buffer)[8] === threads * 2, "a count is lost");
    },
  };
  expect(check(await explore(scenario)).complete).toBe(true);
});

test("what a thread writes plainly while it is taken off the stack was never written", async () => {
  const scenario: Scenario = {
    threads: 2,
    bytes: 64,
    thread({ buffer, mark, assert }) {
      const words = new Int32Array(buffer);
      let failures = 0;
      try {
        Atomics.add(words, 0, 1);
        mark();
      } catch {
        failures = 1;
        words[1] = 1;
      } finally {
        if (failures > 0) words[2] = 1;
      }
      Atomics.add(words, 0, 1);
      assert(words[1] === 0 && words[2] === 0, "an exception was seen that was none");
    },
    final({ buffer, assert }) {
      const words = new Int32Array(buffer);
      assert(words[0] === 4 && words[1] === 0 && words[2] === 0, "something is left of an exception that was none");
    },
  };
  expect(check(await explore(scenario)).complete).toBe(true);
  // The thread that dies is on the stack, and nothing comes after it.
  expect(
    check(await explore({ ...scenario, final: ({ buffer, assert }) => assert(new Int32Array(buffer)[1] === 0, "left"), deaths: { threads: [0, 1], max: 2 } }))
      .complete,
  ).toBe(true);
});

test("every schedule begins with the memory that setup left", async () => {
  const scenario: Scenario = {
    threads: 2,
    bytes: 64,
    setup({ buffer, set }) {
      new Int32Array(buffer)[1] = 7;
      set(0, 8);
    },
    thread({ buffer, get, set, id, assert }) {
      const words = new Int32Array(buffer);
      if (id === 0) {
        assert(words[1] === 7 && get(0) === 8, "not the memory that setup left");
        set(0, 9);
        words[1] = 9;
      }
      Atomics.add(words, 0, 1);
    },
  };
  expect(check(await explore(scenario, { bound: 3 })).schedules).toBe(2);
});

test("every kind of integer view is caught, by its byte offset", async () => {
  const scenario: Scenario = {
    threads: 2,
    bytes: 64,
    thread({ id, buffer, assert }) {
      if (id === 0) {
        const longs = new BigInt64Array(buffer, 8, 2);
        while (Atomics.load(longs, 1) === 0n) assert(Atomics.wait(longs, 1, 0n) !== "timed-out", "timed out");
      } else {
        const bytes = new Uint8Array(buffer);
        Atomics.store(bytes, 16, 1);
        Atomics.notify(new Int32Array(buffer), 4);
      }
    },
  };
  expect(check(await explore(scenario, { bound: 3 })).schedules).toBeGreaterThan(2);
});

test("operations on other buffers are the engine's own, and no choice", async () => {
  const scenario: Scenario = {
    threads: 2,
    bytes: 64,
    thread() {
      const other = new Int32Array(new SharedArrayBuffer(8));
      for (let i = 0; i < 10; i++) Atomics.add(other, 0, 1);
    },
  };
  expect(check(await explore(scenario))).toMatchObject({ schedules: 2, steps: 0 });
});

test("an operation that throws does so in every replay", async () => {
  const scenario: Scenario = {
    threads: 2,
    bytes: 64,
    thread({ buffer, assert }) {
      const words = new Int32Array(buffer);
      Atomics.add(words, 0, 1);
      for (const wrong of [
        () => Atomics.add(words, 99, 1),
        () => Atomics.store(words, 1, 1n as never),
        () => Atomics.wait(new Uint8Array(buffer) as never, 0, 0),
      ]) {
        let thrown = false;
        try {
          wrong();
        } catch {
          thrown = true;
        }
        assert(thrown, "nothing was thrown");
      }
      Atomics.add(words, 0, 1);
    },
  };
  expect(check(await explore(scenario, { bound: 3 })).complete).toBe(true);
});

test("unordered use of a cell is a race, however the threads are interleaved", async () => {
  const counter: Scenario = {
    threads: 2,
    bytes: 64,
    thread({ get, set }) {
      set(0, get(0) + 1);
    },
  };
  const { finding } = await explore(counter, { bound: 0 });
  expect(finding).toMatchObject({ kind: "race", message: "threads 0 and 1 use cell 0 without order between them" });
  expect((await explore(counter, { races: false })).finding).toBeUndefined();
});

test("a store that is read, and a notify, order what comes before and after", async () => {
  const scenario: Scenario = {
    threads: 2,
    bytes: 64,
    thread({ id, buffer, get, set, assert, mark }) {
      const words = new Int32Array(buffer);
      if (id === 0) {
        set(0, 1);
        Atomics.store(words, 0, 1);
        set(1, 1);
        Atomics.notify(words, 4);
      } else {
        while (Atomics.load(words, 0) === 0) mark();
        assert(get(0) === 1, "the store came first");
        if (Atomics.wait(words, 4, 0, 5) === "ok") assert(get(1) === 1, "the notify came first");
      }
    },
  };
  expect(check(await explore(scenario)).complete).toBe(true);
});
