import { createMemory } from "@interlock/shm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { watchSleepers } from "./fixtures/sleeper.ts";

// What a lost wake-up looks like: the word changes, and nobody is woken. A wait that found that out by itself would hide the loss.

const memory = createMemory({ size: 4096 });
// The helper starts with the first wait, and this thread looks at the words itself until then, which sees whatever changes.
beforeAll(async () => {
  const sleepers = watchSleepers();
  const index = memory.allocate(4) / 4;
  const first = memory.waiter.waitAsync(words, index, 0, 60_000);
  await sleepers.haveBegun();
  sleepers.stop();
  memory.waiter.notify(words, index, 1);
  await first;
});
afterAll(() => memory.close());
const words = new Int32Array(memory.buffer);
const WAIT_MS = 120;
/** In which whoever was woken goes on, also on a busy machine. */
const SOON_MS = 5000;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Begins to wait, and returns once the helper is likely asleep. */
async function begin(milliseconds: number): Promise<{ readonly index: number; readonly answer: Promise<string> }> {
  const index = memory.allocate(4) / 4;
  const answer = memory.waiter.waitAsync(words, index, 0, milliseconds);
  await pause(20);
  return { index, answer };
}

it("an asynchronous wait ends with a wake", async () => {
  const { index, answer } = await begin(10 * SOON_MS);
  const started = performance.now();
  Atomics.store(words, index, 1);
  memory.waiter.notify(words, index, 1);
  expect(await answer).toBe("ok");
  expect(performance.now() - started).toBeLessThan(SOON_MS);
});

it("an asynchronous wait whose word changes without a wake has timed out", async () => {
  // A word that changes while its helper is between two sleeps is seen to have changed, as by whoever is about to sleep. So is one
  // that changed before the helper is asked again: each try ends before the next begins.
  const answers: string[] = [];
  while (answers.length < 20 && !answers.includes("timed-out")) {
    const { index, answer } = await begin(WAIT_MS);
    Atomics.store(words, index, 1);
    answers.push(await answer);
  }
  expect(answers).toContain("timed-out");
});
