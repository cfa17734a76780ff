import { Event } from "@interlock/core";
import { createMemory } from "@interlock/shm";
import { afterAll, expect, it } from "vitest";
import { watchSleepers } from "./fixtures/sleeper.ts";

// The thread that sleeps for this one is nobody's business, unless it ends.

/** In which whoever was woken goes on, also on a busy machine. */
const SOON_MS = 5000;

const sleepers = watchSleepers();
const memory = createMemory({ size: 4096 });
afterAll(() => {
  sleepers.stop();
  memory.close();
});

it("asynchronous waits go on when the thread that sleeps for them has ended, those that had begun and later ones", async () => {
  const flag = new Event({ memory });
  const begun = flag.waitAsync();
  const index = memory.allocate(4) / 4;
  const words = new Int32Array(memory.buffer);
  const raw = memory.waiter.waitAsync(words, index, 0, 60_000);
  await sleepers.haveBegun();
  const started = performance.now();
  expect(sleepers.workers).toHaveLength(1);
  await Promise.all(sleepers.workers.map((sleeper) => sleeper.terminate()));
  expect(await raw).toBe("timed-out");
  flag.set();
  expect(await begun).toBe(true);
  flag.clear();
  const later = flag.waitAsync();
  await new Promise((resolve) => setTimeout(resolve, 20));
  flag.set();
  expect(await later).toBe(true);
  expect(await memory.waiter.waitAsync(words, index, 0, 10)).toBe("timed-out");
  expect(sleepers.workers).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(SOON_MS);
});
