import { Lock } from "@interlock/core";
import { Pool, PoolClosedError, Process, Thread, task } from "@interlock/pool";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { BACKENDS } from "./fixtures/backends.ts";
import { sleep, square } from "./fixtures/tasks.ts";

// Each wrong use throws at once, says what is wrong with what, and the program goes on.

type Use = (pool: Pool) => unknown;

const plain = ((n: number) => n) as never;
/** Passes what the types forbid. */
const as = (value: unknown): never => value as never;

const uses: readonly (readonly [name: string, use: Use, type: new (message: string) => Error, text: string | RegExp])[] = [
  ["a pool of size -1", () => new Pool({ size: -1 }), RangeError, "Cannot create Pool as 'size' must be an integer >= 1: received -1"],
  ["a pool of size 1.5", () => new Pool({ size: 1.5 }), RangeError, "Cannot create Pool as 'size' must be an integer >= 1: received 1.5"],
  ["a pool of size NaN", () => new Pool({ size: Number.NaN }), RangeError, "Cannot create Pool as 'size' must be an integer >= 1: received NaN"],
  ['a pool of size "2"', () => new Pool({ size: as("2") }), TypeError, `Cannot create Pool as 'size' must be an integer >= 1: received "2"`],
  [
    "an unknown backend",
    () => new Pool({ backend: as("fibre") }),
    TypeError,
    `Cannot create Pool as 'backend' must be "thread", "process" or a Backend: received "fibre"`,
  ],
  [
    "a backend without slots",
    () => new Pool({ backend: as({ run: () => {}, slots: 0 }) }),
    RangeError,
    "Cannot create Pool as 'backend.slots' must be an integer >= 1: received 0",
  ],
  ["apply of a plain function", (pool) => pool.apply(plain), TypeError, /^Cannot apply as its function must be a task: received function plain; define it/],
  ["apply of undefined", (pool) => pool.apply(as(undefined)), TypeError, /^Cannot apply as its function must be a task: received undefined/],
  ["map of a plain function", (pool) => pool.map(plain, [1]), TypeError, /^Cannot map as its function must be a task: received function plain; define it/],
  ["apply to no array", (pool) => pool.apply(square, as(5)), TypeError, "Cannot apply as 'args' must be an array: received 5"],
  ["map over no iterable", (pool) => pool.map(square, as(5)), TypeError, "Cannot map as 'items' must be iterable: received 5"],
  ["map over null", (pool) => pool.map(square, as(null)), TypeError, "Cannot map as 'items' must be iterable: received null"],
  ["a chunk size of 0", (pool) => pool.map(square, [1], { chunkSize: 0 }), RangeError, "Cannot map as 'chunkSize' must be an integer >= 1: received 0"],
  ["a chunk size of true", (pool) => pool.map(square, [1], { chunkSize: as(true) }), TypeError, /'chunkSize' must be an integer >= 1: received true/],
  [
    "apply to a function",
    (pool) => pool.apply(square, [as({ f: [() => 1] })]),
    TypeError,
    /^Cannot send arguments\[0\]\.f\[0\] to Pool-\d+-\d+ as it cannot be cloned: received function \(anonymous\)$/,
  ],
  [
    "map over a symbol",
    (pool) => pool.map(square, [1, 2, as(Symbol("s")), 4], { chunkSize: 2 }),
    TypeError,
    /^Cannot send items\[2\] to Pool-\d+-\d+ as it cannot be cloned: received Symbol\(s\)$/,
  ],
  [
    "a transfer of what cannot be moved",
    (pool) => pool.apply(square, [as({})], { transfer: [{}] }),
    TypeError,
    /^Cannot send the arguments of task "square" to Pool-\d+-\d+ as they cannot be cloned: /,
  ],
  ["join of a running pool", (pool) => pool.join(), Error, /^Cannot join Pool-\d+ as it is still running: call close\(\) or terminate\(\) first$/],
  ["work for a closed pool", (pool) => closedPool(pool), PoolClosedError, /^Cannot run as Pool-\d+ is closed$/],
  ["a task without a name", () => task(import.meta, "", () => 1), TypeError, "Cannot create task as 'name' must be a non-empty string"],
  ["a task without a module", () => task(as({}), "f", () => 1), TypeError, "Cannot create task as 'module' must be import.meta or import.meta.url"],
  ["a task without a function", () => task(import.meta, "f", as(1)), TypeError, `Cannot create task "f" as 'fn' must be a function: received 1`],
];

async function closedPool(_: Pool): Promise<unknown> {
  const closed = new Pool({ size: 1 });
  closed.close();
  try {
    return await closed.apply(square, [1]);
  } finally {
    await closed.terminate();
  }
}

/** What a use throws or rejects with. */
async function errorOf(use: () => unknown): Promise<unknown> {
  try {
    await use();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each(BACKENDS)("wrong use of a pool on the backend %s", (backend) => {
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ backend, size: 1 });
  });
  afterAll(() => pool.terminate());

  it.each(uses)("is refused, and the pool goes on: %s", async (_, use, type, text) => {
    const error = await errorOf(() => use(pool));
    expect(error).toBeInstanceOf(type);
    expect(() => {
      throw error;
    }).toThrow(text);
    expect(await pool.map(square, [1, 2, 3])).toEqual([1, 4, 9]);
  });
});

describe.each([Thread, Process])("wrong use of a %o", (Kind) => {
  const started: InstanceType<typeof Kind>[] = [];
  const start = (): Thread<readonly unknown[], unknown> => {
    const child = new Kind(sleep, [500], { name: "c" }) as unknown as Thread<readonly unknown[], unknown>;
    child.start();
    started.push(child as never);
    return child;
  };
  const fresh = (): Thread<readonly unknown[], unknown> => new Kind(square, [1], { name: "c" }) as never;

  afterEach(async () => {
    for (const child of started.splice(0)) await child.terminate();
  });

  const cases: readonly (readonly [name: string, use: () => unknown, type: new (message: string) => Error, text: string | RegExp])[] = [
    ["a plain function", () => new Kind(plain), TypeError, /its function must be a task: received function plain; define it/],
    ["arguments that are no array", () => new Kind(square, as(5)), TypeError, `Cannot create ${Kind.name} as 'args' must be an array: received 5`],
    ["a second start", () => start().start(), Error, "Cannot start c as it was started before"],
    ["join before start", () => fresh().join(), Error, "Cannot join c as it was not started"],
    ["result before start", () => fresh().result(), Error, "Cannot get the result of c as it was not started"],
    ["terminate before start", () => fresh().terminate(), Error, "Cannot terminate c as it was not started"],
    [
      "a timeout that is text",
      () => start().join({ timeout: as("5") }),
      TypeError,
      `Cannot join c as 'timeout' must be a number of milliseconds: received "5"`,
    ],
    ["a timeout of NaN", () => start().join({ timeout: Number.NaN }), RangeError, "Cannot join c as 'timeout' must be a number of milliseconds: received NaN"],
    ["close while it runs", () => start().close(), Error, "Cannot close c as it is running: join or terminate it first"],
    [
      "an argument that cannot be cloned",
      () => (new Kind(square, [as([1, () => 1])], { name: "c" }) as Thread<[number], number>).start(),
      TypeError,
      "Cannot send arguments[0][1] to c as it cannot be cloned: received function (anonymous)",
    ],
  ];

  it.each(cases)("is refused, and the program goes on: %s", async (_, use, type, text) => {
    const error = await errorOf(use);
    expect(error).toBeInstanceOf(type);
    expect(() => {
      throw error;
    }).toThrow(text);
    const next = new Kind(square, [3]);
    next.start();
    expect(await next.result()).toBe(9);
    await next.join();
    next.close();
    expect(() => next.isAlive()).toThrow(/as it is closed/);
  });

  it("waits on through a timeout longer than any timer", async () => {
    const child = start();
    expect(await child.join({ timeout: 2 ** 40 })).toBe(true);
  });
});

describe("wrong use of a lock", () => {
  it.each([
    ["release of a free lock", (lock: Lock) => lock.release()],
    ["acquire of a held one, blocking", (lock: Lock) => lock.run(() => lock.acquire())],
    ["a timeout of NaN", (lock: Lock) => lock.acquire({ timeout: Number.NaN })],
  ])("is refused, and the lock goes on: %s", (_, use) => {
    const lock = new Lock();
    expect(() => use(lock)).toThrow(/^Cannot (?:acquire|release) Lock as /);
    expect(lock.run(() => lock.held)).toBe(true);
    expect(lock.locked).toBe(false);
  });
});
