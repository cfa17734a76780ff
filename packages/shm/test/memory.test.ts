import {
  AbandonedLockError,
  Barrier,
  BoundedSemaphore,
  Condition,
  Event,
  JoinableQueue,
  Lock,
  Queue,
  RawArray,
  RLock,
  RWLock,
  Semaphore,
  SharedArray,
  Value,
} from "@interlock/core";
import { Pool, Process, Thread } from "@interlock/pool";
import { createMemory, type ShmMemory } from "@interlock/shm";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as tasks from "./fixtures/shm-tasks.ts";

// Real processes, each with memory of its own but for this.

const TIMES = 2000;
/** However slow the machine: it does not hang. */
const BOUND_MS = 15_000;

let memory: ShmMemory;
beforeAll(() => {
  memory = createMemory({ size: 1 << 20 });
});
afterAll(() => memory.close());

const children: Process<never, unknown>[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) if (child.isAlive()) await child.terminate();
});

/** Starts processes with a task. */
function start<A extends readonly unknown[], R>(task: (...args: A) => R, ...argsOfEach: A[]): Process<A, R>[] {
  return argsOfEach.map((args) => {
    const child = new Process(task as never, args as never);
    children.push(child as never);
    child.start();
    return child as never;
  });
}

const results = <R>(started: readonly Process<never, R>[] | readonly { result(): Promise<R> }[]): Promise<Awaited<R>[]> =>
  Promise.all(started.map((child) => child.result())) as never;

describe("processes", () => {
  it.each([
    ["Lock", () => new Lock({ memory })],
    ["RLock", () => new RLock({ memory })],
  ])("lose no addition under a %s", async (_, make) => {
    const [counter, lock] = [new Value("int32", 0, { memory }), make()];
    await results(start(tasks.addUnderLock, [counter, lock, TIMES], [counter, lock, TIMES], [counter, lock, TIMES]));
    expect(counter.value).toBe(3 * TIMES);
  });

  it("lose no addition where some block and some wait asynchronously", async () => {
    const [counter, lock] = [new Value("int32", 0, { memory }), new Lock({ memory })];
    const blocking = start(tasks.addUnderLock, [counter, lock, TIMES]);
    const async = start(tasks.addAsync, [counter, lock, 200], [counter, lock, 200]);
    for (let i = 0; i < 200; i++) await lock.runAsync(() => void counter.value++);
    await results([...blocking, ...async] as never);
    expect(counter.value).toBe(TIMES + 600);
  });

  it("share values, which come back as the same", async () => {
    const value = new Value("int32", 1, { memory });
    const [{ again }] = (await results(start(tasks.giveBack, [value]))) as unknown as [{ again: Value<"int32"> }];
    again.add(1);
    expect([value.value, again.memory]).toEqual([3, memory]);
  });

  it.each([
    ["Semaphore", () => new Semaphore(2, { memory })],
    ["BoundedSemaphore", () => new BoundedSemaphore(2, { memory })],
  ])("are let in by a %s no more at once than it says", async (_, make) => {
    const [gate, inside] = [make(), new Value("int32", 0, { memory })];
    const most = await results(start(tasks.crowd, ...Array.from({ length: 3 }, () => [gate, inside, 500] as [Semaphore, Value<"int32">, number])));
    expect(Math.max(...most)).toBeLessThanOrEqual(2);
    expect([gate.value, inside.value]).toEqual([2, 0]);
  });

  it("hand events to and fro, blocking and async", async () => {
    const [ping, answer] = [new Event({ memory }), new Event({ memory })];
    const done = results(start(tasks.pong, [ping, answer, 200]));
    for (let i = 0; i < 100; i++) {
      ping.set();
      expect(await answer.waitAsync({ timeout: BOUND_MS })).toBe(true);
      answer.clear();
    }
    for (let i = 0; i < 100; i++) {
      ping.set();
      expect(answer.wait({ timeout: BOUND_MS })).toBe(true);
      answer.clear();
    }
    await done;
  });

  it("take turns by a Condition", async () => {
    const [condition, turn] = [new Condition(undefined, { memory }), new Value("int32", 0, { memory })];
    await results(start(tasks.awaitTurn, [condition, turn, 0, 3, 100], [condition, turn, 1, 3, 100], [condition, turn, 2, 3, 100]));
    expect(turn.value).toBe(0);
  });

  it("meet at a Barrier, of whom one is the first", async () => {
    const barrier = new Barrier(3, { memory });
    const seen = await results(start(tasks.meet, [barrier, 50], [barrier, 50], [barrier, 50]));
    for (let i = 0; i < 50; i++) expect(seen.map((one) => one[i]).sort()).toEqual([0, 1, 2]);
  });

  it("read nothing torn under a RWLock", async () => {
    const [lock, pair] = [new RWLock({ memory }), new RawArray("int32", 2, { memory })];
    const writers = start(tasks.writePairs, [lock, pair, 500], [lock, pair, 500]);
    const torn = await results(start(tasks.readPairs, [lock, pair, 500], [lock, pair, 500]));
    await results(writers);
    expect([torn, [...pair]]).toEqual([
      [0, 0],
      [1000, 1000],
    ]);
  });

  it("pass values of all kinds through a Queue, in order", async () => {
    const queue = new Queue<unknown>({ memory });
    const [got] = [results(start(tasks.consume, [queue]))];
    const items = [1, "two", null, { three: [3n] }, new Map([["x", Uint8Array.of(1)]]), undefined];
    for (const item of items) await queue.putAsync(item);
    for (let i = 0; i < 500; i++) await queue.putAsync(i);
    await queue.putAsync("end");
    expect(await got).toEqual([[...items, ...Array.from({ length: 500 }, (_, i) => i)]]);
  });

  it("pass locks and values of the same memory through a Queue", async () => {
    const queue = new Queue<unknown>({ memory });
    const value = new Value("int32", 7, { memory });
    await queue.putAsync({ value });
    const { value: got } = (await queue.getAsync()) as { value: Value<"int32"> };
    got.add(1);
    expect(value.value).toBe(8);
  });

  it("pass values whose lock lies in such memory through a Queue of threads, and no others", () => {
    const queue = new Queue<Value<"int32">>();
    const value = new Value("int32", 7, { memory: queue.memory, lock: new Lock({ memory }) });
    queue.put(value);
    const got = queue.get();
    expect(got.lock.memory).toBe(memory);
    got.acquire();
    expect(value.lock.held).toBe(true);
    got.release();
    const mixed = new Value("int32", 7, { memory, lock: new Lock() });
    expect(() => new Queue({ memory }).put({ mixed })).toThrow(/Cannot put item\.mixed\.?.* as it lies in another memory/);
    expect(() => start(tasks.update, [mixed, 1])).toThrow(/as the memory of its lock is shared between threads only: received Value/);
  });

  it("do what is in a JoinableQueue", async () => {
    const [queue, sum] = [new JoinableQueue<number>({ memory }), new Value("int32", 0, { memory })];
    const started = start(tasks.work, [queue, sum], [queue, sum]);
    for (let i = 1; i <= 100; i++) await queue.putAsync(i);
    await queue.joinAsync({ timeout: BOUND_MS });
    expect(sum.value).toBe(5050);
    await queue.putAsync(-1);
    await queue.putAsync(-1);
    await results(started);
  });

  it("find a lock abandoned soon after its owner is killed", async () => {
    const [lock, held] = [new Lock({ memory }), new Event({ memory })];
    const [owner] = start(tasks.hold, [lock, held]);
    await held.waitAsync();
    const waiter = lock.acquireAsync({ timeout: BOUND_MS }).catch((thrown: unknown) => thrown);
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.kill(owner?.pid as number, "SIGKILL");
    const killed = performance.now();
    expect(await waiter).toBeInstanceOf(AbandonedLockError);
    expect(performance.now() - killed).toBeLessThan(5000);
    expect(lock.recover()).toBe(true);
    lock.release();
  });

  it("end within a bound when they are terminated while they wait for a lock", async () => {
    const [lock, begun] = [new Lock({ memory }), new Event({ memory })];
    lock.acquire();
    const [waiter] = start(tasks.waitFor, [lock, begun]);
    await begun.waitAsync();
    const began = performance.now();
    await waiter?.terminate();
    expect(performance.now() - began).toBeLessThan(5000);
    lock.release();
    expect(lock.tryAcquire()).toBe(true);
    lock.release();
  });
});

describe("threads of one process", () => {
  it("share it, too", async () => {
    const [counter, lock] = [new Value("int32", 0, { memory }), new Lock({ memory })];
    const threads = [1, 2].map(() => new Thread(tasks.addUnderLock, [counter, lock, TIMES]));
    for (const thread of threads) thread.start();
    const [child] = start(tasks.addUnderLock, [counter, lock, TIMES]);
    await results([...threads, child] as never);
    expect(counter.value).toBe(3 * TIMES);
  });

  it("leave a lock abandoned when one of them is ended, for other processes as well", async () => {
    const [lock, held, begun] = [new Lock({ memory }), new Event({ memory }), new Event({ memory })];
    const thread = new Thread(tasks.hold, [lock, held]);
    thread.start();
    await held.waitAsync();
    const [waiter] = start(tasks.waitFor, [lock, begun]);
    await begun.waitAsync();
    await thread.terminate();
    await expect(waiter?.result()).rejects.toBeInstanceOf(AbandonedLockError);
    expect(lock.recover()).toBe(true);
    lock.release();
  });
});

describe("a pool of processes", () => {
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ size: 2, backend: "process" });
  });
  afterAll(() => pool.terminate());

  it("maps a SharedArray in place", async () => {
    const array = new SharedArray(
      "float64",
      Array.from({ length: 5000 }, (_, i) => i),
      { memory },
    );
    expect(await pool.map(tasks.square, array)).toBe(array);
    expect([array.get(3), array.get(4999)]).toEqual([9, 4999 ** 2]);
    expect(await pool.apply(tasks.sumOf, [array])).toBe(array.view.reduce((sum, n) => sum + n, 0));
  });

  it("maps one of this process alone by copies", async () => {
    const array = new SharedArray("int32", [1, 2, 3]);
    expect(await pool.map(tasks.square, array)).toBe(array);
    expect([...array]).toEqual([1, 4, 9]);
  });

  it("counts under a lock", async () => {
    const counter = new Value("int32", 0, { memory });
    await Promise.all(Array.from({ length: 20 }, () => pool.apply(tasks.update, [counter, 100])));
    expect(counter.value).toBe(2000);
  });
});
