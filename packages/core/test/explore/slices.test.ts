import { test } from "vitest";
import { Event } from "../../src/event.ts";
import { Lock } from "../../src/lock.ts";
import type { Place } from "../../src/memory.ts";
import { Semaphore } from "../../src/semaphore.ts";
import type { WaitBackend, WaitResult } from "../../src/sys/futex.ts";
import { type Exploration, ONCE, prove, reasonOf } from "./scenario.ts";
import { ticking } from "./ticking.ts";

// What a sleeper does when a slice ends. Its waits do not sleep here: something happens, then they end as they are told.

/** A wait, as the backend is asked for it. */
type Wait = (milliseconds: number) => WaitResult;

interface Sleeper {
  readonly at: Place;
  clock: number;
  rescues: number;
  checkpoints: number;
  /** How often it was asked whether it sleeps on, and what to say then. */
  asked: number;
  sleepsOn: (asked: number) => boolean;
  checkpoint: () => void;
  /** Told before each scenario. */
  wait: Wait;
  waitAsync: (milliseconds: number) => Promise<WaitResult>;
  notified: () => void;
}

function sleeperAt({ memory, offset }: Place): Sleeper {
  const notify: WaitBackend["notify"] = (words, index, n) => {
    sleeper.notified();
    return memory.waiter.notify(words, index, n);
  };
  const waiter = { ...memory.waiter, notify, wait: (_w: Int32Array, _i: number, _e: number, ms: number) => sleeper.wait(ms) };
  const waitAsync = (_w: Int32Array, _i: number, _e: number, ms: number): Promise<WaitResult> => sleeper.waitAsync(ms);
  const agent = {
    ...memory.agent,
    now: () => sleeper.clock,
    rescued: () => void sleeper.rescues++,
    sleepsOn: () => sleeper.sleepsOn(++sleeper.asked),
    checkpoint: () => sleeper.checkpoint(),
  };
  const at = { memory: { ...memory, agent, waiter: { ...waiter, waitAsync } }, offset };
  const sleeper: Sleeper = {
    at,
    clock: 0,
    rescues: 0,
    checkpoints: 0,
    asked: 0,
    sleepsOn: () => false,
    checkpoint: () => void sleeper.checkpoints++,
    wait: () => "ok",
    waitAsync: async () => "ok",
    notified: () => {},
  };
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
  const thread: Exploration<Both>["thread"] = (c, { sleeper, at }) => {
    const flag = new Event(undefined, sleeper.at);
    const other = new Event(undefined, at);
    for (const one of cases) {
      const end = play(c, sleeper, one, () => other.set());
      c.assert(flag.wait({ timeout: one.timeout }), "the set was missed");
      flag.clear();
      end();
      judge(c, sleeper, one);
    }
  };
  await prove("Event slices", { ...both, threads: 1, thread }, ONCE);
});

test("whoever waits for ever sleeps on after a slice without news, if nothing has changed, and not too long", async () => {
  const MOST = 20;
  const thread: Exploration<Both>["thread"] = (c, { sleeper, at }) => {
    const flag = new Event(undefined, sleeper.at);
    const other = new Event(undefined, at);
    const words = new Int32Array(at.memory.buffer);
    const run = (what: string, timeout: number, change: (slept: number) => void, looks: number, sleeps: number): void => {
      sleeper.checkpoints = 0;
      sleeper.asked = 0;
      let slept = 0;
      sleeper.wait = (milliseconds) => {
        c.assert(milliseconds === 50, `a wait is for ${milliseconds} ms`);
        change(++slept);
        return "timed-out";
      };
      c.assert(flag.wait({ timeout }), "the set was missed");
      flag.clear();
      c.assert(sleeper.checkpoints === looks && slept === sleeps, `${what}: ${sleeper.checkpoints} looks in ${slept} slices`);
    };
    const setSilently = (): void => {
      const waiters = Atomics.exchange(words, 3, 0);
      other.set();
      Atomics.store(words, 3, waiters);
    };
    const at3 = (set: () => void) => (slept: number) => void (slept === 3 && set());
    sleeper.sleepsOn = () => true;
    run("nobody told", Infinity, at3(setSilently), 1, MOST);
    run(
      "the word has changed",
      Infinity,
      at3(() => void other.set()),
      1,
      3,
    );
    run("it has to look at the clock", 10_000, at3(setSilently), 3, 3);
    sleeper.sleepsOn = (asked) => asked < 3;
    run("news", Infinity, at3(setSilently), 1, 3);
  };
  await prove("Event sleeps on", { ...both, threads: 1, thread }, ONCE);
});

test("a line looks up after each slice that it sleeps through, and counts what a slice had to end", async () => {
  const thread: Exploration<Both>["thread"] = (c, { sleeper, at }) =>
    ticking(async (tick) => {
      const flag = new Event(undefined, sleeper.at);
      const other = new Event(undefined, { memory: { ...at.memory }, offset: at.offset });
      const words = new Int32Array(at.memory.buffer);
      // As if it died before it called anybody.
      const setSilently = (): void => {
        const lines = Atomics.exchange(words, 3, 0);
        other.set();
        Atomics.store(words, 3, lines);
      };
      const judgeLine = (checkpoints: number, rescues: number): void => {
        c.assert(sleeper.checkpoints === checkpoints && sleeper.rescues === rescues, `${sleeper.checkpoints} checkpoints, ${sleeper.rescues} rescues`);
      };
      let wake: (() => void) | undefined;
      sleeper.waitAsync = (milliseconds) => {
        c.assert(milliseconds === Infinity, `a wait is for ${milliseconds} ms`);
        return new Promise((resolve) => {
          wake = () => resolve("ok");
        });
      };
      const first = flag.waitAsync();
      await undefined;
      tick();
      judgeLine(0, 0);
      tick();
      judgeLine(1, 0);
      // The notification may be under way; if it does not come, whoever called has died before it.
      other.set();
      sleeper.notified = () => wake?.();
      tick();
      judgeLine(2, 0);
      tick();
      judgeLine(3, 1);
      c.assert(await first, "the set was missed");
      sleeper.rescues = 0;
      sleeper.notified = () => {};
      flag.clear();
      await undefined;

      sleeper.checkpoints = 0;
      const second = flag.waitAsync();
      await undefined;
      tick();
      setSilently();
      tick();
      judgeLine(1, 1);
      c.assert(await second, "the set was missed");
      wake?.();
      flag.clear();
      await undefined;

      // The wake comes in the slice after it was announced.
      sleeper.checkpoints = 0;
      sleeper.rescues = 0;
      const late = flag.waitAsync();
      await undefined;
      tick();
      other.set();
      tick();
      wake?.();
      c.assert(await late, "the set was missed");
      judgeLine(1, 0);
      flag.clear();
      await undefined;
      sleeper.rescues = 1;

      // Woken before its slice ended, it has slept through none.
      sleeper.checkpoints = 0;
      const third = flag.waitAsync();
      await undefined;
      tick();
      wake?.();
      await undefined;
      await undefined;
      tick();
      judgeLine(0, 1);
      flag.set();
      wake?.();
      c.assert(await third, "the set was missed");
      tick();
      judgeLine(0, 1);
      flag.clear();
    });
  await prove("Event lines' slices", { ...both, threads: 1, thread }, ONCE);
});

test("a call that woke a line is not what the line sleeps through later", async () => {
  const thread: Exploration<Both>["thread"] = (c, { sleeper, at }) =>
    ticking(async (tick) => {
      const permits = new Semaphore(undefined, undefined, sleeper.at);
      const other = new Semaphore(undefined, undefined, at);
      let wake: (() => void) | undefined;
      sleeper.waitAsync = () =>
        new Promise((resolve) => {
          wake = () => resolve("ok");
        });
      // The second stays behind in the line of both.
      const waits = [permits.acquireAsync(), permits.acquireAsync()];
      for (const wait of waits) {
        await undefined;
        tick();
        other.release();
        tick();
        wake?.();
        await wait;
      }
      c.assert(sleeper.rescues === 0 && sleeper.checkpoints === 2, `${sleeper.rescues} rescues, ${sleeper.checkpoints} checkpoints`);
    });
  const semaphore: Pick<Exploration<Both>, "create"> = { create: (memory) => void new Semaphore(0, { memory }) };
  await prove("Semaphore lines' calls", { ...both, ...semaphore, threads: 1, thread }, ONCE);
});

test("a line in memory of processes waits slice by slice, and counts what a slice had to end", async () => {
  const thread: Exploration<Both>["thread"] = async (c, { sleeper, at }) => {
    const flag = new Event(undefined, { ...sleeper.at, memory: { ...sleeper.at.memory, crossProcess: true } });
    const other = new Event(undefined, at);
    sleeper.waitAsync = async (milliseconds) => sleeper.wait(milliseconds);
    for (const one of cases.filter(({ timeout }) => timeout === Infinity)) {
      const end = play(c, sleeper, one, () => other.set());
      c.assert(await flag.waitAsync(), "the set was missed");
      flag.clear();
      end();
      judge(c, sleeper, one);
    }
  };
  await prove("Event lines of processes", { ...both, threads: 1, thread }, ONCE);
});

test("what an engine's wait throws, or a chore after a slice, all who wait in line get", async () => {
  const thread: Exploration<Both>["thread"] = (c, { sleeper }) =>
    ticking(async (tick) => {
      const flag = new Event(undefined, sleeper.at);
      const failure = new RangeError("planned");
      const fail = (): never => {
        throw failure;
      };
      const reject = async (waits: readonly Promise<unknown>[]): Promise<void> => {
        const reasons = await Promise.all(waits.map(reasonOf));
        c.assert(
          reasons.every((reason) => reason === failure),
          `they rejected with ${reasons}`,
        );
      };
      sleeper.waitAsync = async () => fail();
      await reject([flag.waitAsync(), flag.waitAsync()]);
      await undefined;
      let wake: (() => void) | undefined;
      sleeper.waitAsync = () =>
        new Promise((resolve) => {
          wake = () => resolve("ok");
        });
      sleeper.checkpoint = fail;
      const waits = [flag.waitAsync(), flag.waitAsync()];
      await undefined;
      tick();
      tick();
      await reject(waits);
      wake?.();
      await undefined;
      await undefined;
      c.assert(Atomics.load(new Int32Array(sleeper.at.memory.buffer), 3) === 0, "a line is left behind");
    });
  await prove("Event lines' failures", { ...both, threads: 1, thread }, ONCE);
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
