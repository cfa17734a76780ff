import { Event } from "@interlock/core";
import { createMemory } from "@interlock/shm";
import { afterAll, expect, it } from "vitest";

// The thread that sleeps for this one is nobody's business, unless it ends.

/** In which whoever was woken goes on, also on a busy machine. */
const SOON_MS = 5000;

const threads = process.getBuiltinModule("node:worker_threads");
const { Worker } = threads;
const sleepers: InstanceType<typeof Worker>[] = [];
// This thread gets to see those that are begun from here on.
threads.Worker = class extends Worker {
  constructor(...given: ConstructorParameters<typeof Worker>) {
    super(...given);
    sleepers.push(this);
  }
};

const memory = createMemory({ size: 4096 });
afterAll(() => {
  threads.Worker = Worker;
  memory.close();
});

it("asynchronous waits go on when the thread that sleeps for them has ended, those that had begun and later ones", async () => {
  const flag = new Event({ memory });
  const begun = flag.waitAsync();
  const index = memory.allocate(4) / 4;
  const words = new Int32Array(memory.buffer);
  const raw = memory.waiter.waitAsync(words, index, 0, 60_000);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const started = performance.now();
  expect(sleepers).toHaveLength(1);
  await Promise.all(sleepers.map((sleeper) => sleeper.terminate()));
  expect(await raw).toBe("timed-out");
  flag.set();
  expect(await begun).toBe(true);
  flag.clear();
  const later = flag.waitAsync();
  await new Promise((resolve) => setTimeout(resolve, 20));
  flag.set();
  expect(await later).toBe(true);
  expect(await memory.waiter.waitAsync(words, index, 0, 10)).toBe("timed-out");
  expect(sleepers).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(SOON_MS);
});
