import { test } from "vitest";
import { QueueClosedError, TimeoutError } from "../../src/errors.ts";
import type { Memory } from "../../src/memory.ts";
import { JoinableQueue, Queue, type QueueOptions } from "../../src/queue.ts";
import { HEADER_BYTES } from "../../src/sys/ring.ts";
import { count, counted, type Exploration, fired, ONCE, prove, reasonOf, soon, throws } from "./scenario.ts";

type Item = number | string;

/** A queue of 64 bytes, which has room for eight short items. */
const queue = (options: QueueOptions = {}): Pick<Exploration<Queue<Item>>, "create" | "open" | "bytes"> => ({
  create: (memory) => void new Queue<Item>({ capacityBytes: 64, ...options, memory }),
  open: (at) => new Queue<Item>(undefined, "Queue", at),
  bytes: HEADER_BYTES + 64,
});

/** 30 bytes and some: one has room, two have not. */
const LONG = "a string of more than half of it";

test("one puts, one gets: all items, in order", async () => {
  const thread: Exploration<Queue<Item>>["thread"] = (c, items) => {
    for (let i = 1; i <= 2; i++) {
      if (c.id === 0) items.put(i);
      else c.assert(items.get() === i, `item ${i} is out of order`);
    }
  };
  await prove("Queue 1+1", { ...queue(), threads: 2, thread }, { bound: 3, pct: { schedules: 4000, seed: 1 } });
  await prove("Queue(1) 1+1", { ...queue({ maxSize: 1 }), threads: 2, thread }, { bound: 3, pct: { schedules: 4000, seed: 2 } });
});

test("two put, one gets: each once, each producer's in order", async () => {
  const thread: Exploration<Queue<Item>>["thread"] = (c, items) => {
    if (c.id < 2) {
      for (let i = 1; i <= 2; i++) items.put(c.id * 10 + i);
    } else {
      const got = Array.from({ length: 4 }, () => items.get() as number);
      c.assert([...got].sort((a, b) => a - b).join() === "1,2,11,12", `got ${got}`);
      c.assert(got.indexOf(1) < got.indexOf(2) && got.indexOf(11) < got.indexOf(12), `got ${got} out of order`);
    }
  };
  await prove("Queue 2+1", { ...queue(), threads: 3, thread }, { bound: 1, pct: { schedules: 4000, seed: 3 } });
  await prove(
    "Queue(1) 2+1",
    { ...queue({ maxSize: 1 }), threads: 3, thread },
    { bound: 1, maxSchedules: 8000, wakes: "any", pct: { schedules: 4000, seed: 4 } },
  );
});

test("one puts, two get: each item once", async () => {
  const thread: Exploration<Queue<Item>>["thread"] = (c, items) => {
    if (c.id === 2) for (let i = 1; i <= 3; i++) items.put(i);
    else for (let i = 0; i < (c.id === 0 ? 1 : 2); i++) c.set(c.id * 2 + i, items.get() as number);
  };
  const final: Exploration<Queue<Item>>["final"] = (c) => {
    const got = [c.get(0), c.get(2), c.get(3)];
    c.assert([...got].sort().join() === "1,2,3" && c.get(2) < c.get(3), `got ${got}`);
  };
  await prove("Queue 1+2", { ...queue(), threads: 3, thread, final }, { bound: 2, maxSchedules: 12_000, wakes: "any", pct: { schedules: 4000, seed: 5 } });
  await prove("Queue(1) 1+2", { ...queue({ maxSize: 1 }), threads: 3, thread, final }, { bound: 1, wakes: "any", pct: { schedules: 6000, seed: 6 } });
});

test("items of different length wait for room without standing in each other's way", async () => {
  const thread: Exploration<Queue<Item>>["thread"] = (c, items) => {
    if (c.id === 0) {
      items.put(LONG);
      items.put(LONG);
    } else if (c.id === 1) {
      items.put(1);
      items.put(2);
    } else {
      const got = Array.from({ length: 4 }, () => items.get());
      c.assert(got.filter((one) => one === LONG).length === 2 && got.indexOf(1) < got.indexOf(2), `got ${got}`);
    }
  };
  await prove("Queue of two lengths", { ...queue(), threads: 3, thread }, { bound: 1, wakes: "any", pct: { schedules: 6000, seed: 7 } });
});

test("room for a short item goes to the one that puts it, also beside one that needs more", async () => {
  /** Behind the ring: how many short items were put since. */
  const done = (HEADER_BYTES + 64) / 4;
  const thread: Exploration<Queue<Item>>["thread"] = (c, items) => {
    if (c.id === 0) {
      items.put(LONG);
    } else if (c.id === 1) {
      items.put(4);
      count(c, done);
    } else {
      c.assert(items.get() === 1, "the first item comes first");
      counted(c, done, 1);
      const got = Array.from({ length: 5 }, () => items.get());
      c.assert(got.filter((one) => one === LONG).length === 2 && got.filter((one) => one !== LONG).join() === "2,3,4", `got ${got}`);
    }
  };
  const { open, bytes } = queue();
  const create = (memory: Memory): void => {
    const items = new Queue<Item>({ capacityBytes: 64, memory });
    // All of it: three times two words, and ten.
    for (const item of [1, 2, 3, LONG]) items.put(item);
  };
  await prove(
    "Queue short beside long",
    { create, open, bytes: (bytes as number) + 64, threads: 3, thread },
    { bound: 1, maxSchedules: 6000, wakes: "any", pct: { schedules: 2000, seed: 16 } },
  );
});

test("async producers and consumers, beside blocking ones", async () => {
  const thread: Exploration<Queue<Item>>["thread"] = async (c, items) => {
    if (c.id === 0) {
      const got = await Promise.all([items.getAsync(), items.getAsync()]);
      c.set(0, got[0] as number);
      c.set(1, got[1] as number);
    } else if (c.id === 1) {
      c.set(2, items.get() as number);
    } else {
      await Promise.all([items.putAsync(1), items.putAsync(2), items.putAsync(3)]);
    }
  };
  await prove(
    "Queue async",
    {
      ...queue({ maxSize: 1 }),
      threads: 3,
      thread,
      final: (c) => c.assert([c.get(0), c.get(1), c.get(2)].sort().join() === "1,2,3", `got ${c.get(0)} ${c.get(1)} ${c.get(2)}`),
    },
    { bound: 1, maxSchedules: 8000, pct: { schedules: 4000, seed: 8 } },
  );
});

test("whoever gives up takes nothing with it, puts nothing, and loses no wake", async () => {
  const thread: Exploration<Queue<Item>>["thread"] = async (c, items) => {
    if (c.id === 0) {
      items.put(1);
      items.put(2);
    } else if (c.id === 1) {
      // What is taken in time goes back: two items reach thread 2 in any case.
      const found = items.tryGet({ timeout: 10 });
      if (found !== undefined) items.put(found.value);
    } else {
      const controller = new AbortController();
      setTimeout(() => controller.abort("enough"), 5);
      const lost = items.getAsync({ signal: controller.signal }).then(
        (item) => items.putAsync(item),
        (reason: unknown) => c.assert(reason === "enough", String(reason)),
      );
      const timed = items.getAsync({ timeout: 5 }).then(
        (item) => items.putAsync(item),
        (reason: unknown) => c.assert(reason instanceof TimeoutError, String(reason)),
      );
      const got = [await items.getAsync(), await items.getAsync()];
      await Promise.all([lost, timed]);
      c.assert([...got].sort().join() === "1,2" && items.empty, `got ${got}`);
    }
  };
  await prove("Queue give up", { ...queue(), threads: 3, thread }, { bound: 1, maxSchedules: 8000, pct: { schedules: 3000, seed: 9 } });
});

test("a producer that gives up loses no room", async () => {
  const thread: Exploration<Queue<Item>>["thread"] = async (c, items) => {
    if (c.id === 0) {
      c.set(0, items.tryPut(1, { timeout: 10 }) ? 1 : 0);
    } else if (c.id === 1) {
      const controller = new AbortController();
      setTimeout(() => controller.abort("enough"), 5);
      const put =
        (n: number): (() => void) =>
        () =>
          c.set(n, 1);
      await Promise.all([
        items.putAsync(2, { signal: controller.signal }).then(put(1), () => {}),
        items.putAsync(3, { timeout: 5 }).then(put(2), () => {}),
        items.putAsync(4),
      ]);
    } else {
      // Always one: the last of thread 1 gives up never.
      while (items.get() !== 4) c.set(3, c.get(3) + 1);
    }
  };
  const final: Exploration<Queue<Item>>["final"] = (c) => {
    const words = new Int32Array(c.buffer);
    const left = ((words[16 + 8] as number) - (words[32 + 8] as number)) | 0;
    c.assert(c.get(0) + c.get(1) + c.get(2) === c.get(3) + left, `${c.get(0) + c.get(1) + c.get(2)} were put besides the last, ${c.get(3)} got, ${left} left`);
  };
  await prove(
    "Queue put give up",
    { ...queue({ maxSize: 1 }), threads: 3, thread, final },
    { bound: 1, maxSchedules: 8000, pct: { schedules: 3000, seed: 10 } },
  );
});

test("a close: what was put can be got, nothing is put after it, everybody wakes", async () => {
  const thread: Exploration<Queue<Item>>["thread"] = (c, items) => {
    if (c.id === 0) {
      items.put(1);
      items.close();
    } else if (c.id === 1) {
      for (let n = 1; n <= 2; n++) {
        if (throws(QueueClosedError, () => items.put(10 + n))) break;
        c.set(0, n);
      }
    } else {
      let got = 0;
      let mine = 0;
      while (
        !throws(QueueClosedError, () => {
          if (items.get() === 1) mine++;
          else got++;
        })
      );
      c.assert(mine === 1, `the item before the close was got ${mine} times`);
      c.set(1, got);
    }
  };
  const final: Exploration<Queue<Item>>["final"] = (c) => c.assert(c.get(0) === c.get(1), `${c.get(0)} were put beside, ${c.get(1)} were got`);
  await prove(
    "Queue close",
    { ...queue({ maxSize: 1 }), threads: 3, thread, final },
    { bound: 1, maxSchedules: 8000, wakes: "any", pct: { schedules: 4000, seed: 11 } },
  );
});

test("a close wakes all who wait, on either side", async () => {
  const getting: Exploration<Queue<Item>>["thread"] = (c, items) => {
    if (c.id === 2) items.close();
    else
      c.assert(
        throws(QueueClosedError, () => items.get()),
        "got something",
      );
  };
  await prove("Queue close of gets", { ...queue(), threads: 3, thread: getting }, { bound: 1, wakes: "any", pct: { schedules: 1000, seed: 17 } });
  const putting: Exploration<Queue<Item>>["thread"] = (c, items) => {
    if (c.id === 2) items.close();
    else
      c.assert(
        throws(QueueClosedError, () => items.put(c.id)),
        "put something",
      );
  };
  const create = (memory: Memory): void => new Queue<Item>({ capacityBytes: 64, maxSize: 1, memory }).put(1);
  await prove("Queue close of puts", { ...queue(), create, threads: 3, thread: putting }, { bound: 1, wakes: "any", pct: { schedules: 1000, seed: 18 } });
});

test("a thread that dies at any step of a put leaves all but its own item", async () => {
  const thread: Exploration<Queue<Item>>["thread"] = (c, items) => {
    if (c.id === 0) {
      items.put(1);
      items.put(2);
    } else if (c.id === 1) {
      items.put(11);
      items.put(12);
      items.close();
    } else {
      const got: Item[] = [];
      while (!throws(QueueClosedError, () => got.push(items.get())));
      c.assert(got.filter((item) => (item as number) > 10).join() === "11,12", `got ${got}`);
      const mine = got.filter((item) => (item as number) < 10).join();
      // The close may come before the other's puts.
      c.assert(["", "1", "1,2"].includes(mine), `got ${got}`);
    }
  };
  const tolerant: typeof thread = (c, items) => {
    if (c.id === 0) throws(QueueClosedError, () => thread(c, items));
    else return thread(c, items);
  };
  await prove(
    "Queue producer death",
    { ...queue({ maxSize: 2 }), threads: 3, thread: tolerant, deaths: { threads: [0], max: 1 } },
    { bound: 1, maxSchedules: 10_000, pct: { schedules: 4000, seed: 12 } },
  );
});

test("a thread that dies at any step of a get leaves the item, or has taken it", async () => {
  const thread: Exploration<Queue<Item>>["thread"] = (c, items) => {
    if (c.id === 0) {
      throws(QueueClosedError, () => items.get());
    } else if (c.id === 1) {
      for (let i = 1; i <= 3; i++) items.put(i);
      items.close();
    } else {
      const got: Item[] = [];
      while (!throws(QueueClosedError, () => got.push(items.get())));
      c.assert(["1,2,3", "2,3", "1,3", "1,2"].includes(got.join()), `got ${got}`);
    }
  };
  await prove(
    "Queue consumer death",
    { ...queue({ maxSize: 1 }), threads: 3, thread, deaths: { threads: [0], max: 1 } },
    { bound: 1, maxSchedules: 10_000, pct: { schedules: 4000, seed: 13 } },
  );
});

const joinable = (): Pick<Exploration<JoinableQueue<Item>>, "create" | "open" | "bytes"> => ({
  create: (memory) => void new JoinableQueue<Item>({ capacityBytes: 64, memory }),
  open: (at) => new JoinableQueue<Item>(undefined, "JoinableQueue", at),
  bytes: HEADER_BYTES + 64,
});

test("a join ends once everything is done, and not before", async () => {
  const thread: Exploration<JoinableQueue<Item>>["thread"] = async (c, items) => {
    if (c.id === 0) {
      items.put(1);
      items.put(2);
      items.join();
      c.assert(c.get(0) === 2, `joined after ${c.get(0)}`);
    } else if (c.id === 1) {
      for (let i = 0; i < 2; i++) {
        items.get();
        c.set(0, c.get(0) + 1);
        items.taskDone();
      }
    } else {
      await items.joinAsync();
    }
  };
  await prove("JoinableQueue", { ...joinable(), threads: 3, thread }, { bound: 1, maxSchedules: 30_000, pct: { schedules: 4000, seed: 14 } });
});

test("the last that is done ends all joins", async () => {
  const thread: Exploration<JoinableQueue<Item>>["thread"] = (c, items) => {
    if (c.id < 2) items.join();
    else items.taskDone();
  };
  const create = (memory: Memory): void => new JoinableQueue<Item>({ capacityBytes: 64, memory }).put(1);
  await prove("JoinableQueue joins", { ...joinable(), create, threads: 3, thread }, { bound: 2, wakes: "any", pct: { schedules: 1000, seed: 19 } });
});

test("no more are done than were put", async () => {
  const thread: Exploration<JoinableQueue<Item>>["thread"] = (c, items) => {
    if (c.id === 0) items.put(1);
    else if (!throws(RangeError, () => items.taskDone())) c.set(c.id, 1);
  };
  await prove(
    "JoinableQueue taskDone",
    { ...joinable(), threads: 3, thread, final: (c) => c.assert(c.get(1) + c.get(2) <= 1, "two were done of one") },
    { bound: 2, pct: { schedules: 2000, seed: 15 } },
  );
});

test("the last of the room, and a signal that has fired", async () => {
  const thread: Exploration<Queue<Item>>["thread"] = async (c, items) => {
    c.assert(throws(TimeoutError, () => items.get({ timeout: 0 })) && items.empty && !items.full, "empty");
    items.put(1);
    items.put(2);
    c.assert(throws(TimeoutError, () => items.put(3, { timeout: -1 })) && items.full && items.size === 2, "full");
    c.assert(!(await soon(items.putAsync(3))), "an async put waits for room");
    c.assert((await reasonOf(items.putAsync(4, { signal: fired("before") }))) === "before", "fired");
    c.assert((await reasonOf(items.getAsync({ signal: fired("before") }))) === "before" && items.size === 2, "fired");
    c.assert(items.get() === 1 && items.get() === 2 && (await items.getAsync()) === 3, "in order");
  };
  await prove("Queue alone", { ...queue({ maxSize: 2 }), threads: 1, thread }, ONCE);
});

test("how many there are, and whether it is full, is of one moment", async () => {
  const thread: Exploration<JoinableQueue<Item>>["thread"] = (c, items) => {
    if (c.id === 0) {
      for (let i = 1; i <= 2; i++) {
        items.put(i);
        items.get();
        items.taskDone();
      }
    } else {
      const [size, full, unfinished] = [items.size, items.full, items.unfinished];
      c.assert(size <= 1 && !full && unfinished <= 1, `size ${size}, full ${full}, unfinished ${unfinished}, of one item at most`);
    }
  };
  const ofTwo = { ...joinable(), create: (memory: Memory) => void new JoinableQueue<Item>({ capacityBytes: 64, maxSize: 2, memory }) };
  await prove("JoinableQueue size", { ...ofTwo, threads: 2, thread }, { bound: 2, pct: { schedules: 2000, seed: 16 } });
});
