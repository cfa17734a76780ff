import { Atomic, Event, Lock, RawValue, Value } from "@interlock/core";
import { Thread, task } from "@interlock/pool";

// Ten workers share a counter. Without a lock, additions are lost; with one, none is.

const WORKERS = 10;
const ROUNDS = 10;
const main = import.meta.main ?? process.argv[1] === import.meta.filename;

/** Lets all workers of a round begin together: a thread takes longer to start than a short loop to run. */
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
  readonly exact: boolean;
  /** Starts a worker on a fresh counter, and reads the counter at the end. */
  make(): { start(gate: Gate, times: number, pause: number): Thread<never, unknown>; total(): number };
}

function program(title: string, exact: boolean, make: Program["make"]): Program {
  return { title, exact, make };
}

const programs: readonly Program[] = [
  program("Value, no lock", false, () => {
    const counter = new Value("int32", 0);
    return { start: (...args) => new Thread(unlocked, [...args, counter]) as never, total: () => counter.value };
  }),
  program("RawValue, no lock", false, () => {
    const counter = new RawValue("int32", 0);
    return { start: (...args) => new Thread(unlocked, [...args, counter]) as never, total: () => counter.value };
  }),
  program("Value and Lock", true, () => {
    const counter = new Value("int32", 0);
    const lock = new Lock();
    return { start: (...args) => new Thread(withLock, [...args, counter, lock]) as never, total: () => counter.value };
  }),
  program("value.getLock()", true, () => {
    const counter = new Value("int32", 0);
    return { start: (...args) => new Thread(withGetLock, [...args, counter]) as never, total: () => counter.value };
  }),
  program("Atomic", true, () => {
    const counter = new Atomic("int32", 0);
    return { start: (...args) => new Thread(withAtomic, [...args, counter]) as never, total: () => counter.load() };
  }),
];

async function round({ make }: Program, times: number, pause: number): Promise<number> {
  const { start, total } = make();
  const gate: Gate = { arrived: new Atomic("int32"), open: new Event() };
  const threads = Array.from({ length: WORKERS }, () => start(gate, times, pause));
  for (const thread of threads) thread.start();
  for (let arrived = 0; arrived < WORKERS; arrived = gate.arrived.load()) await gate.arrived.waitAsync(arrived, { timeout: 5 });
  gate.open.set();
  for (const thread of threads) {
    await thread.join();
    if (thread.exitCode !== 0) throw thread.error;
  }
  return total();
}

async function compare(times: number, pause: number): Promise<boolean> {
  const expected = WORKERS * times;
  console.log(`\n${WORKERS} workers add ${times} each${pause > 0 ? `, with a sleep of ${pause} ms before each` : " in a tight loop"}: expected ${expected}`);
  let good = true;
  for (const one of programs) {
    const got: number[] = [];
    for (let i = 0; i < ROUNDS; i++) got.push(await round(one, times, pause));
    const exact = got.filter((total) => total === expected).length;
    if (one.exact && exact < ROUNDS) good = false;
    console.log(`${one.title.padEnd(18)} exact ${String(exact).padStart(2)} of ${ROUNDS}   got ${got.join(" ")}`);
  }
  return good;
}

if (main) {
  const slow = await compare(20, 10);
  const tight = await compare(100_000, 0);
  if (!slow || !tight) throw new Error("A locked counter lost updates");
  console.log("\nEvery locked counter was exact in every round.");
}
