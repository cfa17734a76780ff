import { Atomic, Event, Lock, type Memory, RawValue, Value } from "@interlock/core";
import { type Pool, type Task, task } from "@interlock/pool";

// The race of counter.ts and processes.ts: workers share a counter. Without a lock, additions are lost; with one, none is.

/** How many add at once. */
export const WORKERS = 10;
const ROUNDS = 10;

/** Lets all workers of a round begin together. */
interface Gate {
  readonly arrived: Atomic<"int32">;
  readonly open: Event;
}

type Counter = Value<"int32"> | RawValue<"int32">;

async function repeat(gate: Gate, times: number, pause: number, add: () => void): Promise<void> {
  gate.arrived.add(1);
  gate.open.wait();
  for (let i = 0; i < times; i++) {
    if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
    add();
  }
}

const unlocked = task(import.meta, "unlocked", (gate: Gate, times: number, pause: number, counter: Counter) =>
  repeat(gate, times, pause, () => {
    counter.value += 1; // a read and a write: another worker may come between
  }),
);

const withLock = task(import.meta, "withLock", (gate: Gate, times: number, pause: number, counter: Counter, lock: Lock) =>
  repeat(gate, times, pause, () => {
    lock.acquire();
    try {
      counter.value += 1;
    } finally {
      lock.release();
    }
  }),
);

const withGetLock = task(import.meta, "withGetLock", (gate: Gate, times: number, pause: number, counter: Value<"int32">) => {
  const lock = counter.getLock();
  return repeat(gate, times, pause, () => {
    lock.run(() => {
      counter.value += 1;
    });
  });
});

const withAtomic = task(import.meta, "withAtomic", (gate: Gate, times: number, pause: number, counter: Atomic<"int32">) =>
  repeat(gate, times, pause, () => {
    counter.add(1);
  }),
);

interface Program {
  readonly title: string;
  /** Whether it never loses an addition. One that may lose some does so in a tight loop. */
  readonly exact: boolean;
  /** Makes a fresh counter, in this memory if one is given: what the workers run on it, and how to read it. */
  make(memory: { readonly memory?: Memory }): { task: Task<never, Promise<void>>; args: readonly unknown[]; total(): number };
}

const programs: readonly Program[] = [
  {
    title: "Value, no lock",
    exact: false,
    make: (memory) => {
      const counter = new Value("int32", 0, memory);
      return { task: unlocked, args: [counter], total: () => counter.value };
    },
  },
  {
    title: "RawValue, no lock",
    exact: false,
    make: (memory) => {
      const counter = new RawValue("int32", 0, memory);
      return { task: unlocked, args: [counter], total: () => counter.value };
    },
  },
  {
    title: "Value and Lock",
    exact: true,
    make: (memory) => {
      const counter = new Value("int32", 0, memory);
      return { task: withLock, args: [counter, new Lock(memory)], total: () => counter.value };
    },
  },
  {
    title: "value.getLock()",
    exact: true,
    make: (memory) => {
      const counter = new Value("int32", 0, memory);
      return { task: withGetLock, args: [counter], total: () => counter.value };
    },
  },
  {
    title: "Atomic",
    exact: true,
    make: (memory) => {
      const counter = new Atomic("int32", 0, memory);
      return { task: withAtomic, args: [counter], total: () => counter.load() };
    },
  },
];

async function round(pool: Pool, memory: Memory | undefined, { make }: Program, times: number, pause: number): Promise<number> {
  const where = memory === undefined ? {} : { memory };
  const { task, args, total } = make(where);
  const gate: Gate = { arrived: new Atomic("int32", 0, where), open: new Event(where) };
  const workers = Array.from({ length: WORKERS }, () => pool.apply(task, [gate, times, pause, ...args] as never));
  for (let arrived = 0; arrived < WORKERS; arrived = gate.arrived.load()) await gate.arrived.waitAsync(arrived, { timeout: 5 });
  gate.open.set();
  await Promise.all(workers);
  return total();
}

async function compare(pool: Pool, memory: Memory | undefined, times: number, pause: number): Promise<void> {
  const expected = WORKERS * times;
  console.log(`\n${WORKERS} workers add ${times} each${pause > 0 ? `, with a sleep of ${pause} ms before each` : " in a tight loop"}: expected ${expected}\n`);
  for (const program of programs) {
    const got: number[] = [];
    for (let i = 0; i < ROUNDS; i++) got.push(await round(pool, memory, program, times, pause));
    const exact = got.filter((total) => total === expected).length;
    console.log(`${program.title.padEnd(18)} exact ${String(exact).padStart(2)} of ${ROUNDS}   got ${got.join(" ")}`);
    if (program.exact && exact < ROUNDS) throw new Error(`Cannot go on as ${program.title} must be exact in all ${ROUNDS} rounds: received ${exact}`);
    if (!program.exact && pause === 0 && exact === ROUNDS)
      throw new Error(`Cannot go on as ${program.title} must lose updates in some of ${ROUNDS} rounds: received none`);
  }
}

/** Runs the race: a few additions with a sleep before each, and many in a tight loop. */
export async function race(pool: Pool, memory?: Memory): Promise<void> {
  await compare(pool, memory, 20, 10);
  await compare(pool, memory, 100_000, 0);
  console.log("\nEvery locked counter was exact in every round, and every unlocked one lost updates.");
}
