import { test } from "vitest";
import { Event } from "../../src/event.ts";
import { Lock } from "../../src/lock.ts";
import type { Place } from "../../src/memory.ts";
import type { WaitResult } from "../../src/sys/futex.ts";
import { type Exploration, ONCE, prove, reasonOf } from "./scenario.ts";

// What a sleeper does when a slice ends. Its waits do not sleep here: something happens, then they end as they are told.

/** A wait, as the backend is asked for it. */
type Wait = (milliseconds: number) => WaitResult;

interface Sleeper {
  readonly at: Place;
  clock: number;
  rescues: number;
  checkpoints: number;
  /** Told before each scenario. */
  wait: Wait;
}

function sleeperAt({ memory, offset }: Place): Sleeper {
  const waiter = { ...memory.waiter, wait: (_w: Int32Array, _i: number, _e: number, ms: number) => sleeper.wait(ms) };
  const waitAsync = async (_w: Int32Array, _i: number, _e: number, ms: number): Promise<WaitResult> => sleeper.wait(ms);
  const agent = {
    ...memory.agent,
    now: () => sleeper.clock,
    rescued: () => void sleeper.rescues++,
    checkpoint: () => void sleeper.checkpoints++,
  };
  const at = { memory: { ...memory, agent, waiter: { ...waiter, waitAsync } }, offset };
  const sleeper: Sleeper = { at, clock: 0, rescues: 0, checkpoints: 0, wait: () => "ok" };
  return sleeper;
}

interface Case {
  readonly timeout: number;
  /** How long each wait shall be, and how it ends. What is waited for comes during the last. */
  readonly waits: readonly (readonly [milliseconds: number, how: WaitResult])[];
  /** Whether a slice that ended was the only reason to look again. */
  readonly rescued: boolean;
}

const cases: readonly Case[] = [
  { timeout: Infinity, waits: [[50, "ok"]], rescued: false },
  { timeout: Infinity, waits: [[50, "not-equal"]], rescued: false },
  { timeout: Infinity, waits: [[50, "timed-out"]], rescued: true },
  {
    timeout: Infinity,
    waits: [
      [50, "timed-out"],
      [50, "ok"],
    ],
    rescued: false,
  },
  {
    timeout: 120,
    waits: [
      [50, "timed-out"],
      [50, "ok"],
      [20, "ok"],
    ],
    rescued: false,
  },
  { timeout: 51, waits: [[50, "timed-out"]], rescued: true },
  // Out of time: it looks once more in any case.
  { timeout: 50, waits: [[50, "timed-out"]], rescued: false },
];

interface Both {
  readonly sleeper: Sleeper;
  readonly at: Place;
}

const both: Pick<Exploration<Both>, "create" | "open"> = {
  create: (memory) => void new Lock({ memory }),
  open: (at) => ({ sleeper: sleeperAt(at), at }),
};

/** Plays a case, and says whether it went as it should. */
function play(c: Parameters<Exploration<Both>["thread"]>[0], sleeper: Sleeper, { waits }: Case, happen: () => void): () => void {
  let n = 0;
  sleeper.clock = 1000;
  sleeper.rescues = 0;
  sleeper.checkpoints = 0;
  sleeper.wait = (milliseconds) => {
    const [expected, how] = waits[n++] ?? [0, "ok"];
    c.assert(milliseconds === expected, `wait ${n} is for ${milliseconds} ms`);
    sleeper.clock += milliseconds;
    if (n === waits.length) happen();
    return how;
  };
  return () => c.assert(n === waits.length, `${n} waits`);
}

function judge(c: Parameters<Exploration<Both>["thread"]>[0], sleeper: Sleeper, { waits, rescued }: Case): void {
  c.assert(sleeper.rescues === (rescued ? 1 : 0), `${sleeper.rescues} rescues`);
  const expired = waits.filter(([, how]) => how === "timed-out").length;
  c.assert(sleeper.checkpoints === expired, `${sleeper.checkpoints} checkpoints`);
}

test("a lock's sleeper looks up after each slice, and counts what a slice had to end", async () => {
  const thread: Exploration<Both>["thread"] = (c, { sleeper, at }) => {
    if (c.id > 0) return;
    // Whoever has it is another thread, of which only the words are here.
    const mutex = new Lock(undefined, sleeper.at);
    const words = new Int32Array(at.memory.buffer);
    for (const one of cases) {
      Atomics.store(words, 0, (33 << 2) | (0x80001 << 12));
      const end = play(c, sleeper, one, () => Atomics.store(words, 0, 0));
      c.assert(mutex.tryAcquire({ timeout: one.timeout }), "it was not taken");
      mutex.release();
      end();
      judge(c, sleeper, one);
    }
  };
  await prove("Lock slices", { ...both, threads: 2, thread }, ONCE);
});

test("a wait point's sleepers look up after each slice, and count what a slice had to end", async () => {
  const thread: Exploration<Both>["thread"] = async (c, { sleeper, at }) => {
    const flag = new Event(undefined, sleeper.at);
    const other = new Event(undefined, at);
    for (const one of cases) {
      const end = play(c, sleeper, one, () => other.set());
      c.assert(flag.wait({ timeout: one.timeout }), "the set was missed");
      flag.clear();
      end();
      judge(c, sleeper, one);
    }
    // An async wait has a timer of its own: the slices know nothing of it.
    for (const one of cases.filter(({ timeout }) => timeout === Infinity)) {
      const end = play(c, sleeper, one, () => other.set());
      c.assert(await flag.waitAsync({ timeout: one.timeout }), "the set was missed");
      flag.clear();
      end();
      judge(c, sleeper, one);
    }
    // What the engine's wait throws, all who wait get.
    const failure = new RangeError("planned");
    sleeper.wait = () => {
      throw failure;
    };
    const reasons = await Promise.all([reasonOf(flag.waitAsync()), reasonOf(flag.waitAsync())]);
    c.assert(
      reasons.every((reason) => reason === failure),
      `they rejected with ${reasons}`,
    );
  };
  await prove("Event slices", { ...both, threads: 1, thread }, ONCE);
});

test("an async wait leaves nothing behind: no timer, no listener", async () => {
  const thread: Exploration<Both>["thread"] = async (c, { at }) => {
    const flag = new Event(undefined, at);
    const { setInterval: begin, clearInterval: end } = globalThis;
    let alive = 0;
    let listeners = 0;
    globalThis.setInterval = ((...args: Parameters<typeof begin>) => {
      alive++;
      return begin(...args);
    }) as typeof begin;
    globalThis.clearInterval = (timer) => {
      alive--;
      end(timer);
    };
    const signal = {
      aborted: false,
      reason: "enough",
      addEventListener: () => void listeners++,
      removeEventListener: () => void listeners--,
    };
    const wait = flag.waitAsync({ timeout: 1000, signal });
    const second = flag.waitAsync();
    c.assert(alive === 1 && listeners === 1, "nothing keeps the program alive, or listens");
    flag.set();
    await wait;
    await second;
    await undefined;
    globalThis.setInterval = begin;
    globalThis.clearInterval = end;
    c.assert(alive === 0 && listeners === 0, "something is left behind");
    c.assert(Atomics.load(new Int32Array(at.memory.buffer), 3) === 0, "a line is left behind");
  };
  await prove("Event leavings", { ...both, threads: 1, thread }, ONCE);
});

test("a line ends with its last waiter, and not only at the end of the slice", async () => {
  const thread: Exploration<Both>["thread"] = async (c, { at }) => {
    const words = new Int32Array(at.memory.buffer);
    const later = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
    // Another thread's line sleeps on the same word, and before.
    const other = new Event(undefined, { memory: { ...at.memory }, offset: at.offset });
    const steady = other.waitAsync();
    await later();
    const flag = new Event(undefined, at);
    c.assert(!(await flag.waitAsync({ timeout: 1 })), "nobody has set it");
    await later();
    c.assert(Atomics.load(words, 3) === 1 << 16, "its line sleeps on");
    flag.set();
    await steady;
  };
  await prove("Event line", { ...both, threads: 1, thread }, ONCE);
});
