import { AbandonedLockError, Atomic, Event, Lock, Queue, TimeoutError, Value } from "@interlock/core";
import { Pool, Process, Thread, WorkerLostError } from "@interlock/pool";
import { afterEach, describe, expect, it } from "vitest";
import { expectBest, LOST_MS } from "./fixtures/best-of-ten.ts";
import { addLocked, awaitNothing, failLater, hold, mapOften, putNumbers, square, sumNumbers } from "./fixtures/web-tasks.ts";

const worker = (): Worker => new Worker(new URL("./fixtures/web-worker.ts", import.meta.url), { type: "module" });

/** How soon waiters learn of an owner's death, from the call that ends it. The steps of the library take most of it. */
const NOTICE = { below: 200, always: LOST_MS };

let pool: Pool | undefined;
afterEach(() => pool?.terminate());

describe("a pool in a page", () => {
  it("maps, and shares memory", async () => {
    pool = new Pool({ size: 2, worker });
    expect(await pool.map(square, [1, 2, 3, 4, 5])).toEqual([1, 4, 9, 16, 25]);
    const counter = new Value("int32", 0);
    await Promise.all([1, 2, 3].map(() => pool?.apply(addLocked, [counter, 10_000])));
    expect(counter.value).toBe(30_000);
  });

  it("reports a lost worker, and replaces it", async () => {
    pool = new Pool({ size: 2, worker });
    await expect(pool.apply(failLater)).rejects.toThrow(WorkerLostError);
    expect(await pool.map(square, [1, 2, 3])).toEqual([1, 4, 9]);
  });
});

// WebKitGTK's workers do not hear of the end of what they await in shared memory while they have no timer.
describe("a worker without timers", () => {
  it("hears of every reply of its own pool", async () => {
    pool = new Pool({ size: 1, worker });
    expect(await pool.apply(mapOften, [5000])).toBeLessThan(60_000);
  });

  it("waits no longer for a word than it is told", async () => {
    pool = new Pool({ size: 1, worker });
    const started = performance.now();
    expect(await pool.apply(awaitNothing, [new Atomic("int32", 0), 100])).toBe("timed-out");
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe("a lock between a page and a worker", () => {
  const held = async (): Promise<{ owner: Thread<[Lock, Event, Event], void>; lock: Lock; enough: Event }> => {
    const [lock, taken, enough] = [new Lock(), new Event(), new Event()];
    const owner = new Thread(hold, [lock, taken, enough], { worker });
    owner.start();
    await taken.waitAsync();
    return { owner, lock, enough };
  };

  it("is awaited in the page", async () => {
    const { owner, lock, enough } = await held();
    expect(lock.tryAcquire()).toBe(false);
    expect(() => lock.acquire()).toThrow("Cannot block in Lock.acquire() as this thread may not: await acquireAsync() instead");
    await expect(lock.acquireAsync({ timeout: 20 })).rejects.toThrow(TimeoutError);
    const waiting = lock.acquireAsync();
    const started = performance.now();
    enough.set();
    await waiting;
    expect(performance.now() - started).toBeLessThan(10_000);
    lock.release();
    expect(await owner.join()).toBe(true);
    expect([owner.exitCode, lock.locked]).toEqual([0, false]);
  });

  it("blocks the worker until the page releases", async () => {
    const [lock, taken, enough] = [new Lock(), new Event(), new Event()];
    lock.acquire();
    const waiter = new Thread(hold, [lock, taken, enough], { worker });
    waiter.start();
    expect(await taken.waitAsync({ timeout: 200 })).toBe(false);
    lock.release();
    expect(await taken.waitAsync({ timeout: 10_000 })).toBe(true);
    enough.set();
    await waiter.join();
  });

  it.each(["terminate", "kill"] as const)("is abandoned when its owner dies: %s", (how) =>
    expectBest(NOTICE, async () => {
      const { owner, lock } = await held();
      const waiting = lock.acquireAsync();
      const started = performance.now();
      void owner[how]();
      await expect(waiting).rejects.toThrow(AbandonedLockError);
      const noticed = performance.now() - started;
      expect(lock.recover()).toBe(true);
      lock.release();
      expect(await owner.join({ timeout: 5000 })).toBe(true);
      expect(owner.exitCode).toBe(how === "kill" ? -9 : -15);
      return noticed;
    }),
  );
});

describe("a queue between a page and workers", () => {
  // The page may not sleep where a worker holds the ring: it spins there, and loses nothing.
  it("hands each item over once, the page putting and getting beside the workers", async () => {
    const last = 20_000;
    const queue = new Queue<number>({ capacityBytes: 256 });
    const producer = new Thread(putNumbers, [queue, last], { worker });
    const consumer = new Thread(sumNumbers, [queue], { worker });
    for (const thread of [producer, consumer]) thread.start();
    let sum = 0;
    const getting = (async () => {
      for await (const n of queue) sum += n;
    })();
    for (let n = 1; n <= last; n++) {
      // In one turn as long as there is room, so that both sides are at the ring at the same time.
      if (!queue.tryPut(n)) await queue.putAsync(n);
      const found = queue.tryGet();
      if (found !== undefined) sum += found.value;
    }
    await producer.result();
    queue.close();
    await getting;
    expect(sum + (await consumer.result())).toBe(last * (last + 1));
    expect(queue.empty).toBe(true);
  });
});

it("a page has no processes, and says what to use", () => {
  expect(() => new Process(square, [1]).start()).toThrow(/browser has no processes: use a Thread/);
});
