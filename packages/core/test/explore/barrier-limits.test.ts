import type { Context } from "@interlock/explore";
import { test } from "vitest";
import type { Barrier } from "../../src/barrier.ts";
import { BrokenBarrierError } from "../../src/errors.ts";
import type { Place } from "../../src/memory.ts";
import { barrier, pass, type Thread } from "./barriers.ts";
import { type Exploration, fired, ONCE, prove, reasonOf, soon, throws, unblockable } from "./scenario.ts";

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
    const other = reasonOf(gate.waitAsync());
    gate.abort();
    const broken = await other;
    c.assert(broken instanceof BrokenBarrierError && broken.cause === undefined, `it did not give up itself, and rejected with ${broken}`);
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
    const errors = await Promise.all([gate.waitAsync(), gate.waitAsync(), gate.waitAsync()].map(reasonOf));
    c.assert(errors[0] instanceof BrokenBarrierError && errors[1] instanceof RangeError, `they rejected with ${errors}`);
    // It came while the action ran, and had not arrived.
    c.assert(errors[2] instanceof BrokenBarrierError && errors[2].cause === undefined, `it rejected with ${errors[2]}`);
    gate.reset();
    await Promise.all([gate.waitAsync(), gate.waitAsync()]);
    c.assert(c.get(0) === 3, "it does not work on");
  };
  await prove("Barrier async action", { ...barrier(2, { action }), threads: 1, thread }, ONCE);
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

test("an async party that must wait on holds up none behind it", async () => {
  const action = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
  const thread: Thread = async (_c, gate) => {
    const [first, last] = [gate.waitAsync(), gate.waitAsync()];
    // It comes while the action runs, and so arrives only two rounds later, but is the first in line.
    const early = gate.waitAsync();
    await last;
    await Promise.all([first, gate.waitAsync(), gate.waitAsync()]);
    await Promise.all([early, gate.waitAsync()]);
  };
  await prove("Barrier line", { ...barrier(2, { action }), threads: 1, thread }, ONCE);
});

test("a party that cannot wait after it arrived breaks the barrier", async () => {
  const thread: Thread = (c, gate) => {
    if (c.id !== 1) return void pass(() => gate.wait({ timeout: 10 }));
    // Told that it would be the last, it may find itself the first of the next round.
    throws(TypeError, () => pass(() => gate.wait()));
  };
  const final: Exploration<Barrier>["final"] = (c) => {
    const state = new Int32Array(c.buffer)[0] as number;
    c.assert((state & 0x1fff) === 0 || (state & 0x2000) !== 0, "it counts as arrived");
  };
  const { create, open } = barrier(2);
  const exploration = { create, open: (at: Place, c: Context) => open(c.id === 1 ? unblockable(at) : at, c), threads: 3, thread, final };
  await prove("Barrier unblockable in between", exploration, { bound: 2, pct: { schedules: 500, seed: 20 } });
});

test("a party that gives up while the action of others runs breaks nothing", async () => {
  const action = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
  const thread: Thread = async (c, gate) => {
    const all = [gate.waitAsync(), gate.waitAsync()];
    c.assert((await reasonOf(gate.waitAsync({ timeout: 0 }))) instanceof BrokenBarrierError && !gate.broken, "it passed, or broke it");
    c.assert((await Promise.all(all)).join() === "0,1", "the others did not pass");
  };
  await prove("Barrier early", { ...barrier(2, { action }), threads: 1, thread }, ONCE);
});

test("the mark of a reset breaks nothing when the numbers of the generations have come round", async () => {
  const thread: Thread = async (c, gate) => {
    // A reset of the first generation, all others since have passed.
    new Int32Array(c.buffer)[6] = 1;
    for (let round = 0; round < 2; round++) {
      const indices = await Promise.all([gate.waitAsync(), gate.waitAsync()]);
      c.assert(indices.join() === "0,1", `the parties got ${indices}`);
    }
  };
  await prove("Barrier old mark", { ...barrier(2), threads: 1, thread }, ONCE);
});
