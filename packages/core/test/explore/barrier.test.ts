import { test } from "vitest";
import { Barrier } from "../../src/barrier.ts";
import { BrokenBarrierError } from "../../src/errors.ts";
import { type Exploration, fired, ONCE, prove, reasonOf, soon, unblockable } from "./scenario.ts";

const barrier = (
  parties: number,
  options: { action?: (c: Parameters<Exploration<Barrier>["thread"]>[0]) => unknown; timeout?: number } = {},
): Pick<Exploration<Barrier>, "create" | "open"> => ({
  create: (memory) => void new Barrier(parties, { memory, timeout: options.timeout }),
  open: (at, c) => new Barrier(parties, options.action === undefined ? {} : { action: () => options.action?.(c) }, at),
});

type Thread = Exploration<Barrier>["thread"];

/** Waits; says the index, or -1 if the barrier was broken. */
function pass(wait: () => number): number {
  try {
    return wait();
  } catch (error) {
    if (error instanceof BrokenBarrierError) return -1;
    throw error;
  }
}

test("nobody passes before all have arrived, again and again, and one gets 0", async () => {
  const thread: Thread = (c, gate) => {
    for (let round = 1; round <= 2; round++) {
      c.set(c.id, round);
      const index = gate.wait();
      for (let other = 0; other < c.threads; other++) c.assert(c.get(other) >= round, `thread ${other} was left behind`);
      if (index === 0) c.set(10 * round, c.get(10 * round) + 1);
      c.mark();
    }
  };
  const final: Exploration<Barrier>["final"] = (c) => c.assert(c.get(10) === 1 && c.get(20) === 1, "index 0 was not given once");
  // A party writes its round for the next pass while others still look at the one before: that is no mistake here.
  await prove("Barrier 2x2", { ...barrier(2), threads: 2, thread, final }, { bound: 3, races: false, pct: { schedules: 5000, seed: 1 } });
  const once: Thread = (c, gate) => {
    c.set(c.id, 1);
    if (gate.wait() === 0) c.set(10, c.get(10) + 1);
    for (let other = 0; other < c.threads; other++) c.assert(c.get(other) === 1, `thread ${other} was left behind`);
  };
  const first: Exploration<Barrier>["final"] = (c) => c.assert(c.get(10) === 1, "index 0 was not given once");
  await prove("Barrier 3x1", { ...barrier(3), threads: 3, thread: once, final: first }, { bound: 2, wakes: "any", pct: { schedules: 5000, seed: 2 } });
});

test("async parties, two in a thread", async () => {
  const thread: Thread = async (c, gate) => {
    if (c.id === 0) {
      const indices = await Promise.all([gate.waitAsync(), gate.waitAsync()]);
      c.assert(indices[0] !== indices[1], "two parties got the same index");
    } else {
      gate.wait();
    }
  };
  await prove("Barrier async", { ...barrier(3), threads: 2, thread }, { bound: 2, pct: { schedules: 3000, seed: 3 } });
});

test("the action runs once a round, before anybody passes", async () => {
  const action = (c: Parameters<Thread>[0]): void => {
    c.mark();
    c.set(0, c.get(0) + 1);
  };
  const thread: Thread = (c, gate) => {
    gate.wait();
    c.assert(c.get(0) === 1, `the action ran ${c.get(0)} times`);
  };
  await prove("Barrier action", { ...barrier(2, { action }), threads: 2, thread }, { bound: 3, pct: { schedules: 3000, seed: 4 } });
  // Four threads for two parties: the second pair must wait while the first pair's action runs.
  const pairs: Thread = (c, gate) => {
    gate.wait();
    c.assert(c.get(0) >= 1, "it passed before the action");
  };
  const both: Exploration<Barrier>["final"] = (c) => c.assert(c.get(0) === 2, `the action ran ${c.get(0)} times`);
  const exploration = { ...barrier(2, { action }), threads: 4, thread: pairs, final: both };
  await prove("Barrier action, 4 threads", exploration, { bound: 1, races: false, maxSchedules: 20_000, pct: { schedules: 2000, seed: 5 } });
});

test("a party that times out breaks it for all, or for none", async () => {
  const thread: Thread = (c, gate) =>
    c.set(
      c.id,
      pass(() => (c.id === 0 ? gate.wait({ timeout: 10 }) : gate.wait())),
    );
  const final: Exploration<Barrier>["final"] = (c) => {
    const passed = [...Array(c.threads).keys()].filter((id) => c.get(id) >= 0).length;
    c.assert(passed === 0 || passed === c.threads, `${passed} of ${c.threads} passed`);
  };
  await prove("Barrier timeout", { ...barrier(2), threads: 2, thread, final }, { bound: 3, pct: { schedules: 2000, seed: 6 } });
  await prove("Barrier timeout 3", { ...barrier(3), threads: 3, thread, final }, { bound: 1, pct: { schedules: 2000, seed: 7 } });
});

test("abort breaks it for all that have not passed", async () => {
  const thread: Thread = (c, gate) => {
    if (c.id === 2) gate.abort();
    else
      c.set(
        c.id,
        pass(() => gate.wait()),
      );
  };
  const final: Exploration<Barrier>["final"] = (c) => c.assert(c.get(0) >= 0 === c.get(1) >= 0, "one passed alone");
  await prove("Barrier abort", { ...barrier(2), threads: 3, thread, final }, { bound: 2, pct: { schedules: 2000, seed: 8 } });
});

test("reset ends one generation: each has one outcome, and the barrier works on", async () => {
  const thread: Thread = (c, gate) => {
    if (c.id === 2) {
      gate.reset();
      return;
    }
    let index = -1;
    for (let tries = 0; index < 0 && tries < 2; tries++) index = pass(() => gate.wait());
    c.set(c.id, index);
  };
  const final: Exploration<Barrier>["final"] = (c) => {
    c.assert(c.get(0) >= 0 && c.get(1) >= 0 && c.get(0) !== c.get(1), `they passed as ${c.get(0)} and ${c.get(1)}`);
  };
  await prove("Barrier reset", { ...barrier(2), threads: 3, thread, final }, { bound: 2, pct: { schedules: 4000, seed: 9 } });
  const two: Thread = (c, gate) =>
    c.id >= 2
      ? gate.reset()
      : void c.set(
          c.id,
          Math.max(
            pass(() => gate.wait({ timeout: 10 })),
            -1,
          ),
        );
  await prove(
    "Barrier two resets",
    { ...barrier(2), threads: 4, thread: two },
    { bound: 1, races: false, maxSchedules: 20_000, pct: { schedules: 3000, seed: 10 } },
  );
});

test("an action that throws breaks it", async () => {
  const action = (): void => {
    throw new RangeError("planned");
  };
  const thread: Thread = (c, gate) => {
    try {
      c.set(c.id, pass(() => gate.wait()) < 0 ? 1 : 2);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      c.set(c.id, 3);
    }
  };
  const final: Exploration<Barrier>["final"] = (c) => c.assert(c.get(0) + c.get(1) === 4, `the parties came to ${c.get(0)} and ${c.get(1)}`);
  await prove("Barrier throw", { ...barrier(2, { action }), threads: 2, thread, final }, { bound: 3, pct: { schedules: 1000, seed: 11 } });
});

test("an aborted async party breaks it for all, or for none", async () => {
  const thread: Thread = async (c, gate) => {
    if (c.id > 0)
      return c.set(
        c.id,
        pass(() => gate.wait()),
      );
    const controller = new AbortController();
    setTimeout(() => controller.abort("enough"), 5);
    c.set(0, await gate.waitAsync({ signal: controller.signal }).catch((error: unknown) => (error instanceof BrokenBarrierError ? -1 : -2)));
    c.assert(c.get(0) > -2, "it rejected with another error");
  };
  const final: Exploration<Barrier>["final"] = (c) => c.assert(c.get(0) >= 0 === c.get(1) >= 0, "one passed alone");
  await prove("Barrier abort async", { ...barrier(2), threads: 2, thread, final }, { bound: 2, pct: { schedules: 2000, seed: 12 } });
});

test("a party that dies in its action breaks it; one that dies after it arrived counts as arrived", async () => {
  const action = (c: Parameters<Thread>[0]): void => c.mark();
  // The timeout is for a death before the arrival: nothing else ends that wait.
  const thread: Thread = (_c, gate) => void pass(() => gate.wait({ timeout: 40 }));
  const deaths = { threads: [0], max: 1 };
  await prove("Barrier death", { ...barrier(2, { action }), threads: 2, thread, deaths }, { bound: 1, pct: { schedules: 2000, seed: 13 } });
  const arrived: Thread = (c, gate) => {
    if (c.id === 0) return void pass(() => gate.wait());
    while (gate.waiting === 0 && c.alive(0));
    if (gate.waiting === 1) c.assert(pass(() => gate.wait()) === 1, "a party that had arrived was not counted");
  };
  await prove("Barrier death after arrival", { ...barrier(2), threads: 2, thread: arrived, deaths }, { bound: 1, pct: { schedules: 1000, seed: 14 } });
});

test("a timeout is kept, and its default is the barrier's", async () => {
  const thread: Thread = async (c, gate) => {
    const broken = async (wait: () => number | Promise<number>, milliseconds: number): Promise<void> => {
      const start = c.now();
      const error = await reasonOf((async () => wait())());
      c.assert(error instanceof BrokenBarrierError && c.now() === start + milliseconds, `it ended after ${c.now() - start} ms: ${error}`);
      c.assert(gate.broken && gate.waiting === 0, "it is not broken");
      gate.reset();
      c.assert(!gate.broken && gate.waiting === 0, "it was not reset");
    };
    await broken(() => gate.wait({ timeout: 0 }), 0);
    await broken(() => gate.wait({ timeout: 1 }), 1);
    await broken(() => gate.wait(), 2);
    c.assert(await soon(gate.waitAsync({ timeout: 0 })), "an async try waited");
    gate.reset();
    await broken(() => gate.waitAsync({ timeout: 1 }), 1);
    await broken(() => gate.waitAsync(), 2);
  };
  await prove("Barrier limits", { ...barrier(2, { timeout: 1.5 }), threads: 1, thread }, ONCE);
  for (const [timeout, shared] of [
    [0, 0],
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, -1],
    [2 ** 32 + 5, -1],
    [-5, 0],
  ] as const) {
    const once: Thread = (c, gate) => {
      c.assert(new Int32Array(c.buffer)[2] === shared, "the default timeout is another");
      if (shared === 0) c.assert(pass(() => gate.wait()) < 0, "it passed alone");
    };
    await prove("Barrier default timeout", { ...barrier(2, { timeout }), threads: 1, thread: once }, ONCE);
  }
});

test("abort and reset end a generation, whether or not its parties have looked since", async () => {
  const thread: Thread = async (c, gate) => {
    const isBroken = async (wait: Promise<number>): Promise<boolean> => (await reasonOf(wait)) instanceof BrokenBarrierError;
    gate.reset();
    for (let round = 0; round < 20; round++) {
      const first = gate.waitAsync();
      c.assert(gate.waiting === 1, `${gate.waiting} wait`);
      const all = [first, gate.waitAsync()];
      // The parties of before look only now, two generations later.
      const late = gate.waitAsync();
      if (round % 3 === 0) gate.abort();
      c.assert(gate.broken === (round % 3 === 0) && gate.waiting === (gate.broken ? 0 : 1), "abort broke it not, or something else did");
      c.assert(!gate.broken || (await isBroken(gate.waitAsync())), "a broken barrier was passed");
      gate.reset();
      c.assert(!gate.broken && gate.waiting === 0, "it was not reset");
      const [a, b] = await Promise.all(all);
      c.assert(a === 0 && b === 1, `the parties got ${a} and ${b}`);
      c.assert(await isBroken(late), "its generation was reset, and it passed");
    }
    gate.abort();
    gate.reset();
    c.assert(!gate.broken, "nobody had arrived, and it was not reset");
    // The reset of eight generations later takes the place of its own.
    const late = isBroken(gate.waitAsync());
    gate.reset();
    for (let round = 0; round < 7; round++) for (const _ of [0, 1]) void gate.waitAsync();
    const last = isBroken(gate.waitAsync());
    gate.reset();
    c.assert((await late) && (await last), "its generation was reset, and it passed");
  };
  await prove("Barrier generations", { ...barrier(2), threads: 1, thread }, ONCE);
});

test("an async party says why it gave up, and one whose signal has fired does not arrive quietly", async () => {
  const thread: Thread = async (c, gate) => {
    const gone = await reasonOf(gate.waitAsync({ signal: fired("enough") }));
    c.assert(gone instanceof BrokenBarrierError && gone.cause === "enough" && gate.broken, `it rejected with ${gone}`);
    gate.reset();
    const controller = new AbortController();
    const aborted = reasonOf(gate.waitAsync({ signal: controller.signal }));
    controller.abort("enough");
    const error = await aborted;
    c.assert(error instanceof BrokenBarrierError && error.cause === "enough" && gate.broken, `it rejected with ${error}`);
    gate.reset();
    const first = gate.waitAsync();
    c.assert((await gate.waitAsync({ signal: fired("enough") })) === 1 && (await first) === 0, "the last party waits for nothing");
    // Passed just before the signal fires: that is no mistake of the party.
    const late = new AbortController();
    const passed = gate.waitAsync({ signal: late.signal });
    const last = gate.waitAsync();
    late.abort("enough");
    c.assert((await passed) === 0 && (await last) === 1 && !gate.broken, "it was passed, and is broken");
  };
  await prove("Barrier signal", { ...barrier(2), threads: 1, thread }, ONCE);
});

test("an async action is awaited before anybody passes", async () => {
  const action = async (c: Parameters<Thread>[0]): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    c.set(0, c.get(0) + 1);
    if (c.get(0) === 2) throw new RangeError("planned");
  };
  const thread: Thread = async (c, gate) => {
    const waits = [gate.waitAsync(), gate.waitAsync()].map(async (wait) => {
      await wait;
      c.assert(c.get(0) === 1, "it passed before the action");
    });
    await Promise.all(waits);
    const errors = await Promise.all([gate.waitAsync(), gate.waitAsync()].map(reasonOf));
    c.assert(errors[0] instanceof BrokenBarrierError && errors[1] instanceof RangeError, `they rejected with ${errors}`);
    gate.reset();
    await Promise.all([gate.waitAsync(), gate.waitAsync()]);
    c.assert(c.get(0) === 3, "it does not work on");
  };
  await prove("Barrier async action", { ...barrier(2, { action }), threads: 1, thread }, ONCE);
});

test("after an action that died, another party's action runs", async () => {
  const action = (c: Parameters<Thread>[0]): void => {
    c.mark();
    c.set(0, c.get(0) + 1);
  };
  const thread: Thread = (c, gate) => {
    if (c.id === 1 && c.alive(0)) return;
    while (pass(() => gate.wait()) < 0) gate.reset();
    c.assert(c.get(0) >= 1, "its action did not run");
  };
  const exploration = { ...barrier(1, { action }), threads: 2, thread, deaths: { threads: [0], max: 1 } };
  await prove("Barrier death in action", exploration, { bound: 1, races: false, pct: { schedules: 500, seed: 15 } });
});

test("who may not block is told so before it arrives; the last party need not block", async () => {
  const thread: Thread = async (c, gate) => {
    const error = await reasonOf((async () => gate.wait())());
    c.assert(error instanceof TypeError && gate.waiting === 0 && !gate.broken, "it arrived");
    const first = gate.waitAsync();
    c.assert(gate.wait() === 1 && (await first) === 0, "the last party did not pass");
  };
  const { create, open } = barrier(2);
  await prove("Barrier unblockable", { create, open: (at, c) => open(unblockable(at), c), threads: 1, thread }, ONCE);
});

test("a thread that dies in reset leaves none half reset", async () => {
  const thread: Thread = (c, gate) => {
    if (c.id === 0) return gate.reset();
    let index = -1;
    for (let tries = 0; index < 0 && tries < 2; tries++) index = pass(() => gate.wait());
    c.set(c.id, index);
  };
  const final: Exploration<Barrier>["final"] = (c) => c.assert(c.get(1) >= 0 && c.get(1) + c.get(2) === 1, "they did not pass together");
  const exploration = { ...barrier(2), threads: 3, thread, final, deaths: { threads: [0], max: 1 } };
  await prove("Barrier death in reset", exploration, { bound: 1, pct: { schedules: 1000, seed: 16 } });
});

test("a reset is not lost to an arrival, nor half done after an abort", async () => {
  const thread: Thread = (c, gate) => {
    if (c.id < 2) return void pass(() => gate.wait());
    const before = gate.waiting;
    gate.reset();
    c.assert(before === 0 || Atomics.load(new Int32Array(c.buffer), 0) >>> 15 > 0, "some waited, and still do");
    gate.abort();
  };
  // Three parties, of which one never comes.
  await prove("Barrier reset and arrival", { ...barrier(3), threads: 3, thread }, { bound: 2, pct: { schedules: 500, seed: 17 } });
  const both: Thread = (c, gate) => {
    if (c.id === 0) gate.abort();
    else if (c.id === 1) gate.reset();
    else pass(() => gate.wait({ timeout: 5 }));
  };
  const final: Exploration<Barrier>["final"] = (c) => c.assert(((new Int32Array(c.buffer)[0] as number) & 0x4000) === 0, "it is half reset");
  await prove("Barrier abort and reset", { ...barrier(2), threads: 3, thread: both, final }, { bound: 2, pct: { schedules: 500, seed: 18 } });
});

test("a party that dies before it has arrived breaks nothing", async () => {
  const action = (c: Parameters<Thread>[0]): void => {
    if (c.id === 0) c.set(0, 1);
    c.mark();
  };
  const thread: Thread = (c, gate) => {
    // Whoever gives up moves the clock.
    if (c.get(1) === 0) c.set(1, c.now());
    const index = pass(() => gate.wait({ timeout: 40 }));
    if (c.id > 0 && index < 0) c.assert(c.get(0) === 1 || c.now() > c.get(1), "it broke, but no action had begun, and nobody gave up");
  };
  const exploration = { ...barrier(2, { action }), threads: 3, thread, deaths: { threads: [0], max: 1 } };
  await prove("Barrier death before arrival", exploration, { bound: 1, races: false, pct: { schedules: 500, seed: 19 } });
});
