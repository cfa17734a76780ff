import { Event, inspect, JoinableQueue, Lock, Queue } from "@interlock/core";
import type { Task, Thread } from "@interlock/pool";
import { describe, expect, it } from "vitest";
import { DELTA, forbidRescues, resultsOf, START, sleep, startThreads, WAKE } from "./conformance/support.ts";
import { answer, finish, getAll, getOne, holdReceived, putAll, putOne, type Question, sendHeld } from "./fixtures/queue-tasks.ts";

/** Starts a thread that is, once this resolves, asleep in its call. */
async function startBlocked<A extends readonly unknown[], R>(
  fn: Task<[queue: Queue<string>, ready: Event, ...A], R>,
  queue: Queue<string>,
  ...more: A
): Promise<Thread<readonly unknown[], R>> {
  const ready = new Event();
  const [thread] = startThreads(1, fn, [queue, ready, ...more]);
  await ready.waitAsync();
  await sleep(DELTA);
  return thread as Thread<readonly unknown[], R>;
}

/** The result of a thread that must be woken at once: not by the end of a slice. */
async function resultSoon<R>(thread: Thread<readonly unknown[], R>): Promise<R> {
  const started = performance.now();
  const result = await thread.result();
  expect(performance.now() - started).toBeLessThan(WAKE);
  return result;
}

/** Ends a thread that sleeps. Deno does so once it looks up after a slice. */
async function endAsleep<R>(thread: Thread<readonly unknown[], R>, how: "terminate" | "kill"): Promise<void> {
  await thread[how]();
  await thread.join();
  if ("Deno" in globalThis) await sleep(DELTA);
}

const fullQueue = (): Queue<string> => {
  const queue = new Queue<string>({ maxSize: 1 });
  queue.put("first");
  return queue;
};

describe("a queue between threads", () => {
  forbidRescues();

  it.each([0, 1, 3])("hands each item over once, with maxSize %i", async (maxSize) => {
    const each = 3000;
    const queue = new Queue<number>({ maxSize, capacityBytes: 1024 });
    const consumers = startThreads(2, getAll, [queue]);
    const producers = [0, 1].flatMap((i) => startThreads(1, putAll, [queue, i * each, (i + 1) * each]));
    await resultsOf(producers);
    queue.close();
    const got = await resultsOf(consumers);
    expect(got.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 2 * each }, (_, i) => i));
    // What one consumer has of one producer is in order.
    for (const items of got) {
      for (const own of [items.filter((n) => n < each), items.filter((n) => n >= each)]) expect(own).toEqual([...own].sort((a, b) => a - b));
    }
    expect([queue.size, queue.empty, queue.full]).toEqual([0, true, false]);
  });

  it("wakes a get by a put, blocking or not", async () => {
    const queue = new Queue<string>();
    for (const item of ["a", "b"]) {
      const thread = await startBlocked(getOne, queue);
      if (item === "a") queue.put(item);
      else await queue.putAsync(item);
      expect(await resultSoon(thread)).toBe(item);
    }
  });

  it("wakes a put by a get, blocking or not", async () => {
    const queue = fullQueue();
    for (const [was, next] of [
      ["first", "second"],
      ["second", "third"],
    ] as const) {
      const thread = await startBlocked(putOne, queue, next);
      expect(was === "first" ? queue.get() : await queue.getAsync()).toBe(was);
      expect(await resultSoon(thread)).toBe("put");
    }
    expect(queue.get()).toBe("third");
  });

  it("wakes all gets by a close", async () => {
    const queue = new Queue<string>();
    const threads = [await startBlocked(getOne, queue), await startBlocked(getOne, queue)];
    const own = expect(queue.getAsync()).rejects.toThrow("Cannot get from Queue as it is closed and nothing is left in it");
    queue.close();
    for (const thread of threads) expect(await resultSoon(thread)).toBe("QueueClosedError");
    await own;
  });

  it("wakes all puts by a close, and keeps what was put before", async () => {
    const queue = fullQueue();
    const threads = [await startBlocked(putOne, queue, "second"), await startBlocked(putOne, queue, "third")];
    const own = expect(queue.putAsync("fourth")).rejects.toThrow("Cannot put into Queue as it is closed");
    queue.close();
    for (const thread of threads) expect(await resultSoon(thread)).toBe("QueueClosedError");
    await own;
    expect([queue.get(), queue.size]).toEqual(["first", 0]);
  });

  it("wakes a join by the last task done", async () => {
    const queue = new JoinableQueue<number>();
    for (let i = 0; i < 10; i++) queue.put(i);
    const joined = queue.joinAsync();
    const threads = startThreads(2, finish, [queue, 5]);
    // Blocks, and the threads start all the same.
    queue.join({ timeout: 10_000 });
    await joined;
    await resultsOf(threads);
    expect(queue.unfinished).toBe(0);
  });

  it("carries a lock to a thread, which holds it for all", async () => {
    const queue = new Queue<{ locks: Lock[] }>();
    const [lock, taken, enough] = [new Lock({ memory: queue.memory }), new Event(), new Event()];
    const threads = startThreads(1, holdReceived, [queue, taken, enough], "receiver");
    queue.put({ locks: [lock] });
    await taken.waitAsync();
    expect([lock.tryAcquire(), inspect(lock).owner?.name]).toEqual([false, "receiver"]);
    enough.set();
    expect(await lock.tryAcquireAsync({ timeout: WAKE })).toBe(true);
    lock.release();
    await resultsOf(threads);
  });

  it("carries a lock from a thread, and refuses one that does not lie with the queue", async () => {
    const [queue, enough] = [new Queue<Lock>(), new Event()];
    const threads = startThreads(1, sendHeld, [queue, new Lock({ memory: queue.memory }), enough], "sender");
    const lock = await queue.getAsync({ timeout: START });
    expect([lock.tryAcquire(), inspect(lock).owner?.name]).toEqual([false, "sender"]);
    enough.set();
    expect(await lock.tryAcquireAsync({ timeout: WAKE })).toBe(true);
    lock.release();
    expect(await resultsOf(threads)).toEqual([expect.stringMatching(/^Cannot put item as it lies in another memory than Queue/)]);
    expect(queue.empty).toBe(true);
  });

  it("carries a queue for the answers", async () => {
    const questions = new Queue<Question>();
    const answers = new Queue<number>({ memory: questions.memory, capacityBytes: 64 });
    const threads = startThreads(2, answer, [questions]);
    for (let n = 1; n <= 4; n++) await questions.putAsync({ n, answers });
    const squares: number[] = [];
    while (squares.length < 4) squares.push(await answers.getAsync());
    expect(squares.sort((a, b) => a - b)).toEqual([1, 4, 9, 16]);
    questions.close();
    await resultsOf(threads);
  });
});

describe.each(["terminate", "kill"] as const)("a thread that ends by %s", (how) => {
  it("while it gets, takes nothing with it", async () => {
    const queue = new Queue<string>();
    const [dead, alive] = [await startBlocked(getOne, queue), await startBlocked(getOne, queue)];
    await endAsleep(dead, how);
    // A wake may go to the dead. Then the other finds the item at the end of a slice.
    queue.put("for the living");
    expect(await resultSoon(alive)).toBe("for the living");
    expect([queue.tryPut("next"), queue.get(), queue.empty]).toEqual([true, "next", true]);
  });

  it("while it puts, leaves nothing behind", async () => {
    const queue = fullQueue();
    const [dead, alive] = [await startBlocked(putOne, queue, "of the dead"), await startBlocked(putOne, queue, "of the living")];
    await endAsleep(dead, how);
    expect(queue.get()).toBe("first");
    expect(await resultSoon(alive)).toBe("put");
    expect([queue.get(), queue.empty]).toEqual(["of the living", true]);
  });
});
