import { test } from "vitest";
import { Event } from "../../src/event.ts";
import { Semaphore } from "../../src/semaphore.ts";
import { type Exploration, ONCE, prove, reasonOf } from "./scenario.ts";
import { type Both, both, cases, holdWaits, judge, play, setSilently, WAITERS } from "./sleeper.ts";
import { ticking } from "./ticking.ts";

// What a line of async waiters does when a slice ends, and what it leaves behind.

/** What happens while a line sleeps, and what it has looked at and counted then. */
interface Sleep {
  readonly what: string;
  happens(line: Line): void | Promise<void>;
  readonly checkpoints: number;
  readonly rescues: number;
}

interface Line {
  /** A slice ends. */
  tick(): void;
  /** The engine's wait ends. */
  wake(): void;
  /** Somebody sets what is waited for, and dies before it calls the line. */
  setSilently(): void;
  /** As that, but dies before it notifies the line, or has yet to. */
  call(): void;
  /** From now on notifications come. */
  notifies(): void;
}

const sleeps: readonly Sleep[] = [
  {
    what: "the first slice began before the sleep",
    happens: ({ tick, call, wake }) => {
      tick();
      call();
      wake();
    },
    checkpoints: 0,
    rescues: 0,
  },
  {
    what: "a slice ends for nothing",
    happens: ({ tick, call, wake }) => {
      tick();
      tick();
      call();
      wake();
    },
    checkpoints: 1,
    rescues: 0,
  },
  {
    what: "nobody calls",
    happens: ({ tick, setSilently }) => {
      tick();
      setSilently();
      tick();
    },
    checkpoints: 1,
    rescues: 1,
  },
  {
    what: "a wake comes in the slice after the call",
    happens: ({ tick, call, wake }) => {
      tick();
      call();
      tick();
      wake();
    },
    checkpoints: 1,
    rescues: 0,
  },
  {
    what: "whoever calls does not notify",
    happens: ({ tick, call, notifies }) => {
      tick();
      call();
      notifies();
      tick();
      tick();
    },
    checkpoints: 2,
    rescues: 1,
  },
  {
    what: "it is woken in each slice",
    happens: async ({ tick, call, wake }) => {
      for (let slice = 0; slice < 3; slice++) {
        tick();
        wake();
        await undefined;
        await undefined;
      }
      call();
      wake();
    },
    checkpoints: 0,
    rescues: 0,
  },
];

test("a line looks up after each slice that it sleeps through, and counts what a slice had to end", async () => {
  const thread: Exploration<Both>["thread"] = (c, { sleeper, at }) =>
    ticking(async (tick) => {
      const flag = new Event(undefined, sleeper.at);
      const other = new Event(undefined, { memory: { ...at.memory }, offset: at.offset });
      const wake = holdWaits(c, sleeper);
      const line: Line = {
        tick,
        wake,
        setSilently: () => setSilently(c, other),
        call: () => void other.set(),
        notifies: () => {
          sleeper.notified = wake;
        },
      };
      for (const { what, happens, checkpoints, rescues } of sleeps) {
        sleeper.checkpoints = 0;
        sleeper.rescues = 0;
        sleeper.notified = () => {};
        const waiting = flag.waitAsync();
        await undefined;
        await happens(line);
        c.assert(await waiting, `${what}: the set was missed`);
        c.assert(sleeper.checkpoints === checkpoints, `${what}: ${sleeper.checkpoints} checkpoints`);
        c.assert(sleeper.rescues === rescues, `${what}: ${sleeper.rescues} rescues`);
        // The line ends, and with it its slices.
        wake();
        await undefined;
        await undefined;
        tick();
        c.assert(sleeper.checkpoints === checkpoints, `${what}: it looks up although nobody waits`);
        flag.clear();
      }
    });
  await prove("Event lines' slices", { ...both, threads: 1, thread }, ONCE);
});

test("a call that woke a line is not what the line sleeps through later", async () => {
  const thread: Exploration<Both>["thread"] = (c, { sleeper, at }) =>
    ticking(async (tick) => {
      const permits = new Semaphore(undefined, undefined, sleeper.at);
      const other = new Semaphore(undefined, undefined, at);
      const wake = holdWaits(c, sleeper);
      // The second stays behind in the line of both.
      const waits = [permits.acquireAsync(), permits.acquireAsync()];
      for (const wait of waits) {
        await undefined;
        tick();
        other.release();
        tick();
        wake();
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
      const wake = holdWaits(c, sleeper);
      sleeper.checkpoint = fail;
      const waits = [flag.waitAsync(), flag.waitAsync()];
      await undefined;
      tick();
      tick();
      await reject(waits);
      wake();
      await undefined;
      await undefined;
      c.assert(Atomics.load(new Int32Array(c.buffer), WAITERS) === 0, "a line is left behind");
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
    c.assert(Atomics.load(new Int32Array(c.buffer), WAITERS) === 0, "a line is left behind");
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
    c.assert(Atomics.load(words, WAITERS) === 1 << 16, "its line sleeps on");
    flag.set();
    await steady;
  };
  await prove("Event line", { ...both, threads: 1, thread }, ONCE);
});
