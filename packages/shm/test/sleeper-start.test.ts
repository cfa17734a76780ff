import { Event } from "@interlock/core";
import { createMemory } from "@interlock/shm";
import { afterAll, expect, it } from "vitest";
import { runProgram } from "../../pool/test/fixtures/run-program.ts";

/** In which whoever was woken goes on, also on a busy machine. */
const SOON_MS = 5000;

const threads = process.getBuiltinModule("node:worker_threads");
const { Worker } = threads;
const sleepers: InstanceType<typeof Worker>[] = [];
// The thread that sleeps for this one never gets to that.
threads.Worker = class extends Worker {
  constructor() {
    super("setInterval(() => {}, 1000)", { eval: true });
    sleepers.push(this);
  }
};

const memory = createMemory({ size: 4096 });
afterAll(async () => {
  threads.Worker = Worker;
  memory.close();
  await Promise.all(sleepers.map((sleeper) => sleeper.terminate()));
});

it("asynchronous waits need not wait until the thread that is to sleep for them has started", async () => {
  const started = performance.now();
  const flag = new Event({ memory });
  const index = memory.allocate(8) / 4;
  const words = new Int32Array(memory.buffer);
  const set = flag.waitAsync();
  const changed = memory.waiter.waitAsync(words, index, 0, 60_000);
  const told = memory.waiter.waitAsync(words, index + 1, 0, 60_000);
  expect(await memory.waiter.waitAsync(words, index, 0, 20)).toBe("timed-out");
  flag.set();
  Atomics.store(words, index, 1);
  memory.waiter.notify(words, index + 1, 1);
  expect(await Promise.all([set, changed, told])).toEqual([true, "ok", "ok"]);
  expect(sleepers).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(SOON_MS);
});

it("a program that ends meanwhile waits for it to begin", async () => {
  const { status, stdout, stderr } = await runProgram(new URL("programs/ends-early.ts", import.meta.url));
  expect([status, stderr]).toEqual([7, ""]);
  // Not until the time is up; and not at all if it has begun by then.
  expect(["ok", "not-equal"]).toContain(stdout);
});
