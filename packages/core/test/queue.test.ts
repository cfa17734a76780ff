import {
  attach,
  dehydrate,
  type Handle,
  hydrate,
  JoinableQueue,
  Lock,
  Queue,
  QueueClosedError,
  struct,
  type ThreadMemoryHandle,
  TimeoutError,
  Value,
} from "@interlock/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HEADER_BYTES } from "../src/sys/ring.ts";
import { mayBlock } from "./may-block.ts";
import { posted } from "./posted.ts";
import { SEED } from "./seed.ts";

const clone = <T>(value: T): T => hydrate(posted(dehydrate(value))) as T;

/** Milliseconds that `run` takes. */
async function elapsed(run: () => unknown): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

/** Runs `act` in the midst of the next put or get: right after its one atomic store, by which others learn of it. */
function onceTold(act: () => void): void {
  const { store } = Atomics;
  Atomics.store = ((...args: Parameters<typeof store>) => {
    Atomics.store = store;
    const value = store(...args);
    act();
    return value;
  }) as typeof store;
}

describe("Queue", () => {
  it("hands items over in order, in this thread and through a handle", () => {
    const queue = new Queue({ maxSize: 4 });
    const other = Queue.attach(posted(queue.handle));
    const items = [undefined, null, -0, "text \u{1f600}", 2n ** 70n, { a: [1, { b: new Date(0) }] }];
    const got: unknown[] = [];
    for (const item of items) {
      queue.put(item);
      got.push(other.get());
    }
    expect(got).toEqual(items);
    expect(Object.is(got[2], -0)).toBe(true);
    expect([other.size, other.empty, other.full, other.maxSize, other.capacityBytes, other.closed]).toEqual([0, true, false, 4, 65536, false]);
  });

  it("is full at maxSize, or when no room is left", () => {
    const few = new Queue({ maxSize: 2 });
    expect([few.tryPut(1), few.tryPut(2), few.tryPut(3), few.full, few.size]).toEqual([true, true, false, true, 2]);
    const small = new Queue({ capacityBytes: 50 });
    expect(small.capacityBytes).toBe(64);
    let n = 0;
    while (small.tryPut(n)) n++;
    expect([n, small.full, small.size, small.maxSize]).toEqual([8, true, 8, 0]);
    expect(Array.from({ length: n }, () => small.get())).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("refuses what is larger than itself, naming both sizes, and what cannot travel, naming its path", () => {
    const queue = new Queue<unknown>({ capacityBytes: 64, maxSize: 1 });
    expect(() => queue.put("x".repeat(100))).toThrow(/^Cannot put item as it has 10\d bytes, and Queue has 60/);
    expect(() => queue.put("x".repeat(100))).toThrow(RangeError);
    expect(() => queue.put({ items: [0, 0, 0, { f: () => {} }] })).toThrow(/^Cannot put item\.items\[3\]\.f as it is a function/);
    // Neither took a place.
    expect([queue.tryPut(1), queue.get()]).toEqual([true, 1]);
  });

  it.each<[object, new () => Error, string]>([
    [{ maxSize: -1 }, RangeError, "Cannot create Queue as 'maxSize' must be an integer from 0 to 2147483647: received -1"],
    [{ maxSize: 1.5 }, RangeError, "received 1.5"],
    [{ maxSize: "1" }, TypeError, "received string"],
    [{ capacityBytes: 0 }, RangeError, "'capacityBytes' must be an integer from 1 to 1073741824: received 0"],
    [{ capacityBytes: Number.NaN }, RangeError, "received NaN"],
  ])("refuses %o", (options, ErrorClass, message) => {
    expect(() => new Queue(options)).toThrow(ErrorClass);
    expect(() => new Queue(options)).toThrow(message);
  });

  it("gives up after a timeout, and not before", async () => {
    const queue = new Queue({ maxSize: 1 });
    const waits: (() => unknown)[] = [() => queue.getAsync({ timeout: 60 })];
    if (mayBlock) waits.push(() => queue.get({ timeout: 60 }));
    for (const wait of waits) {
      let error: unknown;
      const took = await elapsed(async () => {
        try {
          await wait();
        } catch (thrown) {
          error = thrown;
        }
      });
      expect(error).toBeInstanceOf(TimeoutError);
      expect((error as Error).message).toBe("Cannot get from Queue as 60 ms passed");
      expect(took).toBeGreaterThan(59);
      expect(took).toBeLessThan(5000);
    }
    expect(queue.tryGet()).toBeUndefined();
    if (mayBlock) expect(queue.tryGet({ timeout: 5 })).toBeUndefined();
    queue.put(1);
    if (mayBlock) expect(() => queue.put(2, { timeout: 5 })).toThrow("Cannot put into Queue as 5 ms passed");
    else expect(() => queue.put(2)).toThrow("Cannot block in Queue.put() as this thread may not: await putAsync() instead");
    await expect(queue.putAsync(2, { timeout: 5 })).rejects.toThrow(TimeoutError);
    expect(queue.tryPut(2, { timeout: -1 })).toBe(false);
    expect(queue.tryGet({ timeout: Infinity })).toEqual({ value: 1 });
  });

  it("takes and puts nothing after an abort", async () => {
    const queue = new Queue({ maxSize: 1 });
    const got = new AbortController();
    const getting = queue.getAsync({ signal: got.signal });
    got.abort("enough");
    await expect(getting).rejects.toBe("enough");
    await queue.putAsync(1);
    const put = new AbortController();
    const putting = queue.putAsync(2, { signal: put.signal });
    put.abort("enough");
    await expect(putting).rejects.toBe("enough");
    expect([queue.size, queue.get(), queue.empty]).toEqual([1, 1, true]);
    await expect(queue.getAsync({ signal: AbortSignal.abort("before") })).rejects.toBe("before");
  });

  it("serves async waiters first come, first served", async () => {
    const queue = new Queue<number>();
    const first = queue.getAsync();
    const second = queue.getAsync();
    queue.put(1);
    queue.put(2);
    expect(await Promise.all([first, second])).toEqual([1, 2]);
  });

  it("lets an item that waits for room be: what is encoded meanwhile does not change it", async () => {
    const queue = new Queue<string>({ maxSize: 1 });
    queue.put("first");
    const second = queue.putAsync("second");
    const third = queue.putAsync("third");
    expect(queue.get()).toBe("first");
    await second;
    expect(queue.get()).toBe("second");
    await third;
    expect(queue.get()).toBe("third");
  });

  it("copes with a getter that puts", () => {
    const queue = new Queue<unknown>();
    queue.put({
      get inner(): number {
        queue.put("inside");
        return 1;
      },
      after: "kept",
    });
    expect([queue.get(), queue.get()]).toEqual(["inside", { inner: 1, after: "kept" }]);
  });

  // The explorer's steps are atomic ones: what comes between them in plain memory is looked at here.
  it.each([64, 2048])("tells of an item once all of it is written, in a ring of %i bytes", (capacityBytes) => {
    const queue = new Queue<string>({ capacityBytes });
    const consumer = Queue.attach<string>(queue.handle);
    for (let i = 0; i < 20; i++) {
      const item = String.fromCharCode(97 + i).repeat((i * capacityBytes) / 25);
      let found: { value: string } | undefined;
      onceTold(() => {
        found = consumer.tryGet();
      });
      queue.put(item);
      expect(found).toEqual({ value: item });
    }
  });

  it.each([64, 2048])("gives up the room of an item once all of it is copied, in a ring of %i bytes", (capacityBytes) => {
    const queue = new Queue<string>({ capacityBytes });
    const producer = Queue.attach<string>(queue.handle);
    const items = Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i).repeat(capacityBytes * 0.8));
    queue.put(items[0] as string);
    for (const [i, next] of items.slice(1).entries()) {
      let put = false;
      onceTold(() => {
        put = producer.tryPut(next);
      });
      expect([queue.get(), put]).toEqual([items[i], true]);
    }
  });

  it("can be iterated until it is closed and drained", async () => {
    const queue = new Queue<number>();
    queue.put(1);
    const seen: number[] = [];
    setTimeout(() => {
      queue.put(2);
      queue.close();
    }, 5);
    for await (const item of queue) seen.push(item);
    expect(seen).toEqual([1, 2]);
    for await (const _ of queue) throw new Error("nothing is left");
  });

  it("leaves the rest to others when an iteration is left", async () => {
    const queue = new Queue<number>();
    queue.put(1);
    queue.put(2);
    for await (const item of queue) {
      expect(item).toBe(1);
      break;
    }
    expect(queue.size).toBe(1);
  });

  it("closes for everybody who waits", async () => {
    const queue = new Queue<number>({ maxSize: 1 });
    const getting = queue.getAsync();
    queue.close();
    await expect(getting).rejects.toThrow(QueueClosedError);
    expect(() => queue.put(1)).toThrow("Cannot put into Queue as it is closed");
    expect(() => queue.tryPut(1)).toThrow(QueueClosedError);
    expect(() => queue.get()).toThrow("Cannot get from Queue as it is closed and nothing is left in it");
    expect(() => queue.tryGet()).toThrow(QueueClosedError);
    queue.close();
    const full = new Queue<number>({ maxSize: 1 });
    full.put(1);
    const putting = full.putAsync(2);
    full.close();
    await expect(putting).rejects.toThrow(QueueClosedError);
    expect([full.closed, full.get()]).toEqual([true, 1]);
  });

  it("carries core objects that lie in its memory, and names the remedy for others", () => {
    const queue = new Queue<unknown>();
    const lock = new Lock({ memory: queue.memory });
    const value = new Value("int32", 5, { memory: queue.memory });
    queue.put({ lock, value, queue });
    const got = queue.get() as { lock: Lock; value: Value<"int32">; queue: Queue };
    got.lock.run(() => expect(lock.held).toBe(true));
    value.update((n) => n + 1);
    expect(got.value.value).toBe(6);
    expect(got.value.getLock().locked).toBe(false);
    queue.put("through itself");
    expect(got.queue.get()).toBe("through itself");
    expect(() => queue.put([new Lock()])).toThrow(
      "Cannot put item[0] as it lies in another memory than Queue: create it with { memory: queue.memory }; received Lock",
    );
    expect(() => queue.put(new Value("int32", 0, { memory: queue.memory, lock: new Lock() }))).toThrow(/another memory/);
  });

  it("carries live records as plain copies", () => {
    const queue = new Queue<unknown>();
    const point = new Value(struct({ x: "int32", y: struct({ z: "float64" }) }), { x: 1, y: { z: 2.5 } });
    queue.put({ point: point.value, inner: point.value.y });
    point.value.x = 9;
    expect(queue.get()).toEqual({ point: { x: 1, y: { z: 2.5 } }, inner: { z: 2.5 } });
  });

  it("travels in messages, and is refused as a bare object", () => {
    const queue = new Queue();
    clone({ queue }).queue.put(1);
    expect(queue.get()).toBe(1);
    expect(attach(queue.handle)).toBeInstanceOf(Queue);
    expect(() => structuredClone(queue)).toThrow(/Cannot post Queue/);
  });

  it("behaves as a list with a limit, whatever is done to it", () => {
    const operation = fc.oneof(
      { weight: 5, arbitrary: fc.record({ put: fc.oneof(fc.integer(), fc.string({ maxLength: 90 }), fc.array(fc.boolean(), { maxLength: 40 })) }) },
      { weight: 4, arbitrary: fc.constant("get" as const) },
      { weight: 1, arbitrary: fc.constant("look" as const) },
    );
    const property = fc.property(
      fc.integer({ min: 0, max: 6 }),
      fc.constantFrom(64, 128, 512),
      fc.integer({ min: -3, max: 3 }),
      fc.array(operation, { maxLength: 200 }),
      (maxSize, capacityBytes, start, operations) => {
        const queue = new Queue<unknown>({ maxSize, capacityBytes });
        // Near the end of what counts and positions run to, too.
        const words = new Int32Array(queue.memory.buffer as ArrayBuffer, queue.handle.offset);
        for (const side of [16, 32]) {
          words[side + 8] = (2 ** 31 + start) | 0;
          words[side + 9] = words[side + 10] = (2 ** 31 + 4 * start) | 0;
          words[side + 11] = (2 ** 31 + start) | 0;
          words[side + 12] = (2 ** 31 + 4 * start) | 0;
        }
        const model: { item: unknown; bytes: number }[] = [];
        for (const one of operations) {
          if (one === "get") {
            const expected = model.shift();
            expect(queue.tryGet()).toEqual(expected === undefined ? undefined : { value: expected.item });
          } else if (one === "look") {
            expect([queue.size, queue.empty]).toEqual([model.length, model.length === 0]);
          } else {
            const before = usedBytes(queue);
            let put: boolean;
            try {
              put = queue.tryPut(one.put);
            } catch (error) {
              expect(error).toBeInstanceOf(RangeError);
              expect(usedBytes(queue)).toBe(before);
              continue;
            }
            if (put) model.push({ item: one.put, bytes: usedBytes(queue) - before });
            else expect(usedBytes(queue)).toBe(before);
            const sum = model.reduce((total, { bytes }) => total + bytes, 0);
            expect(sum).toBe(usedBytes(queue));
            expect(sum).toBeLessThanOrEqual(capacityBytes);
            // Only a limit that is reached refuses: the longest of these takes less than 128 bytes more than are used.
            if (!put) expect(model.length === maxSize || sum > capacityBytes - 256).toBe(true);
          }
        }
      },
    );
    fc.assert(property, { ...SEED, numRuns: 300 });
  });
});

/** The bytes between the ends of a queue's ring. */
function usedBytes(queue: Queue): number {
  const words = new Int32Array(queue.memory.buffer as ArrayBuffer, queue.handle.offset);
  const position = (side: number): number => words[side + 9 + ((words[side + 8] as number) & 1)] as number;
  return ((position(16) - position(32)) | 0) * 4;
}

describe("a queue in damaged memory", () => {
  const damaged = (): { queue: Queue; words: Int32Array; handle: Handle } => {
    const queue = new Queue({ capacityBytes: 128 });
    queue.put("some item");
    const { handle } = queue;
    return { queue, handle, words: new Int32Array(queue.memory.buffer as ArrayBuffer, handle.offset) };
  };

  it.each([
    ["capacity", 0, [0, -1, 63, 100, 2 ** 30, -(2 ** 31)]],
    ["max", 1, [0, -5]],
  ] as const)("is not attached if its %s is impossible", (_, word, values) => {
    for (const value of values) {
      const { words, handle } = damaged();
      words[word] = value;
      expect(() => Queue.attach(handle)).toThrow(RangeError);
      expect(() => Queue.attach(handle)).toThrow(/its header at offset \d+ is damaged/);
    }
  });

  it("refuses a record that claims more than there is", () => {
    for (const length of [-1, 1000, 2 ** 31 - 1, -(2 ** 31)]) {
      const { queue, words } = damaged();
      words[HEADER_BYTES >> 2] = length;
      expect(() => queue.get()).toThrow(/^Cannot get from Queue as its memory is damaged/);
      expect(() => queue.get()).toThrow(TypeError);
    }
  });

  it("never hangs or reads elsewhere, whatever its words become", () => {
    const property = fc.property(fc.integer({ min: 3, max: 79 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (word, value) => {
      const { queue, words } = damaged();
      const lock = word === 16 || word === 32;
      // A lock in somebody's hands is waited for, rightly.
      if (!lock) words[word] = value;
      for (let i = 0; i < 3; i++) {
        try {
          queue.tryPut("another");
          queue.tryGet();
        } catch (error) {
          expect(error).toSatisfy((one) => one instanceof TypeError || one instanceof RangeError || one instanceof QueueClosedError);
        }
      }
    });
    fc.assert(property, { ...SEED, numRuns: 2000 });
  });

  it("refuses hostile handles", () => {
    const { handle } = damaged();
    expect(() => Queue.attach({ ...handle, offset: handle.offset + 64 })).toThrow(/there is none at offset/);
    expect(() => Queue.attach({ ...handle, offset: (handle.memory as ThreadMemoryHandle).buffer.byteLength - 64 })).toThrow(RangeError);
    expect(() => JoinableQueue.attach(handle)).toThrow(/of another kind/);
    expect(() => JoinableQueue.attach({ ...handle, kind: "JoinableQueue" })).toThrow(/there is none/);
  });
});

describe("JoinableQueue", () => {
  it("joins once everything that was put is done", async () => {
    const jobs = new JoinableQueue<number>();
    jobs.join();
    jobs.put(1);
    jobs.put(2);
    if (mayBlock) expect(() => jobs.join({ timeout: 5 })).toThrow("Cannot join JoinableQueue as 5 ms passed with 2 items unfinished");
    const joined = jobs.joinAsync();
    jobs.get();
    jobs.taskDone();
    await expect(jobs.joinAsync({ timeout: 5 })).rejects.toThrow(TimeoutError);
    jobs.get();
    jobs.taskDone();
    await joined;
    expect(() => jobs.taskDone()).toThrow(RangeError);
    expect(() => jobs.taskDone()).toThrow(/called too many times/);
    expect(attach(posted(jobs.handle))).toBeInstanceOf(JoinableQueue);
  });
});
