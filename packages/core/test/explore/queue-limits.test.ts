import { test } from "vitest";
import type { Memory, Place } from "../../src/memory.ts";
import { Queue, type QueueOptions } from "../../src/queue.ts";
import { HEADER_BYTES, isRing } from "../../src/sys/ring.ts";
import { type Exploration, ONCE, prove, throws } from "./scenario.ts";

const CAPACITY = 4096;
/** Words of the header: the ends of the ring, see `ring`; its lock begins each side's line. */
const [PRODUCERS, CONSUMERS, COUNT, POSITIONS] = [16, 32, 8, 9];

const SMALL = 256;

type Thread = (c: Parameters<Exploration<Queue>["thread"]>[0], queue: Queue<string>) => void;

const alone = (thread: Thread, options: QueueOptions = { capacityBytes: CAPACITY }): Exploration<Queue<string>> => ({
  threads: 1,
  create: (memory) => void new Queue<string>({ ...options, memory }),
  open: (at) => new Queue<string>(undefined, "Queue", at),
  bytes: HEADER_BYTES + CAPACITY + 64,
  thread,
});

/** An item of about so many bytes. */
const itemOf = (bytes: number, i: number): string => String.fromCharCode(97 + (i % 26)).repeat(Math.max(1, bytes - 3));

test("items of any length come through whole, wherever the ring ends", async () => {
  const exploration = alone((c, queue) => {
    const words = new Int32Array(c.buffer);
    const waiting: string[] = [];
    for (let i = 0; i < 120; i++) {
      const item = itemOf((i * 397) % 3000, i);
      while (!queue.tryPut(item)) c.assert(queue.get() === waiting.shift(), `an item before ${i} was damaged`);
      waiting.push(item);
      c.assert(queue.size === waiting.length, `${queue.size} items of ${waiting.length}`);
    }
    while (waiting.length > 0) c.assert(queue.get() === waiting.shift(), "an item was damaged");
    for (let i = (HEADER_BYTES + CAPACITY) / 4; i < words.length; i++) c.assert(words[i] === 0, `a word behind the ring is ${words[i]}`);
  });
  await prove("Queue lengths", exploration, ONCE);
});

test("the longest item fills the ring, and one byte more is refused", async () => {
  const exploration = alone((c, queue) => {
    const words = new Int32Array(c.buffer);
    const longest = "x".repeat(CAPACITY - 4 - 3);
    for (let i = 0; i < 3; i++) {
      queue.put(longest);
      const position = (side: number): number => words[side + POSITIONS + ((words[side + COUNT] as number) & 1)] as number;
      const used = position(PRODUCERS) - position(CONSUMERS);
      c.assert(used === CAPACITY / 4 && queue.full && queue.size === 1, `${used} words are used`);
      c.assert(!queue.tryPut(""), "no room is left");
      c.assert(queue.get() === longest, "it is whole");
      // One word on, so that the next one goes round the end.
      queue.put("");
      queue.get();
    }
    c.assert(
      throws(RangeError, () => queue.put(`${longest}x`)),
      "one byte more",
    );
  });
  await prove("Queue longest", exploration, ONCE);
});

test("it is full when not even the shortest item has room", async () => {
  const exploration = alone(
    (c, queue) => {
      // Two words each, the shortest there are.
      for (let i = 0; i < SMALL / 8; i++) {
        c.assert(!queue.full, `full after ${i}`);
        queue.put("");
      }
      c.assert(queue.full && !queue.tryPut(""), "full");
      queue.get();
      c.assert(!queue.full && queue.tryPut("") && queue.full, "full again");
      while (queue.size > 0) queue.get();
      // All but one word.
      queue.put("x".repeat(SMALL - 4 - 3 - 4));
      c.assert(queue.full && !queue.tryPut(""), "one word is too little");
    },
    { capacityBytes: SMALL },
  );
  await prove("Queue full", exploration, ONCE);
});

test("one of one is full, and none of one is not", async () => {
  const exploration = alone(
    (c, queue) => {
      c.assert(!queue.full && queue.tryPut("") && queue.full, "one");
      queue.get();
      c.assert(!queue.full, "none");
    },
    { capacityBytes: SMALL, maxSize: 1 },
  );
  await prove("Queue of one", exploration, ONCE);
});

test("a record that claims what cannot be is refused", async () => {
  const exploration = alone((c, queue) => {
    const words = new Int32Array(c.buffer);
    const record = HEADER_BYTES / 4;
    queue.put("item");
    const length = words[record] as number;
    for (const claim of [-1, length + 4, CAPACITY, 2 ** 31 - 1]) {
      words[record] = claim;
      c.assert(
        throws(TypeError, () => queue.get()),
        `${claim} bytes were believed`,
      );
    }
    words[record] = length;
    // What the consumers saw last may be damaged, too.
    words[CONSUMERS + 12] = CAPACITY / 4 + 1;
    c.assert(
      throws(TypeError, () => queue.get()),
      "more words than there are",
    );
    words[CONSUMERS + 12] = 3;
    c.assert(queue.get() === "item", "it is there all the same");
  });
  await prove("Queue damage", exploration, ONCE);
});

test("only what describes a ring within its memory is one", async () => {
  const exploration = alone((c) => {
    const header = (capacity: number, max: number): Int32Array => new Int32Array([7, capacity, max, 7]);
    const fits = (capacity: number, max: number, bytes: number): boolean => isRing(header(capacity, max), 1, bytes);
    c.assert(fits(64, 1, HEADER_BYTES + 64) && fits(4096, 2 ** 31 - 1, 2 ** 20), "rings");
    const wrong = [
      fits(32, 1, 1000),
      fits(0, 1, 1000),
      fits(96, 1, 1000),
      fits(64, 0, 1000),
      fits(64, -1, 1000),
      fits(64, 1, HEADER_BYTES + 63),
      fits(-(2 ** 31), 1, 1000),
    ];
    c.assert(!wrong.includes(true), `no rings: ${wrong}`);
  });
  await prove("Queue headers", exploration, ONCE);
});

test("a thread that may not block spins, and after each slice does what is due", async () => {
  const exploration = alone((c, queue) => {
    const words = new Int32Array(c.buffer);
    let time = 0;
    const due: number[] = [];
    const memory: Memory = {
      ...queue.memory,
      agent: {
        slot: 5,
        generation: 1,
        sliceMs: 50,
        now: () => time++,
        sleepsOn: () => false,
        toCommonEnd: () => 50,
        checkpoint: () => {
          due.push(time);
          // The owner gives it back while this thread is at the third of its chores.
          if (due.length === 3) words[PRODUCERS] = 0;
        },
        rescued: () => {},
      },
      roster: { ...queue.memory.roster, alive: () => true },
      waiter: {
        ...queue.memory.waiter,
        wait: () => {
          throw new TypeError("Atomics.wait cannot be called in this context");
        },
      },
    };
    const place: Place = { memory, offset: 0 };
    words[PRODUCERS] = (7 << 2) | (3 << 12);
    new Queue<string>(undefined, "Queue", place).put("item");
    c.assert(due.length === 3 && due.every((at, i) => at - (due[i - 1] ?? 0) >= 50 && at - (due[i - 1] ?? 0) < 60), `due at ${due}`);
    c.assert(words[PRODUCERS] === 0 && queue.get() === "item", "it was put");
  });
  await prove("Queue unblockable", exploration, ONCE);
});
