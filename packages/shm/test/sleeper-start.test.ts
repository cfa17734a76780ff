import { Event } from "@interlock/core";
import { createMemory } from "@interlock/shm";
import { afterAll, expect, it } from "vitest";
import { runProgram } from "../../pool/test/fixtures/run-program.ts";
import { CHANGED, DUTY, FIRST, OFFERED, PLACES, STATE, STRIDE, UNTIL } from "../src/wait-desk.ts";
import { watchSleepers } from "./fixtures/sleeper.ts";

/** In which whoever was woken goes on, also on a busy machine. */
const SOON_MS = 5000;

// The thread that sleeps for this one never gets to that.
const sleepers = watchSleepers("setInterval(() => {}, 1000)");

const memory = createMemory({ size: 4096 });
afterAll(async () => {
  sleepers.stop();
  memory.close();
  await Promise.all(sleepers.workers.map((sleeper) => sleeper.terminate()));
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
  expect(sleepers.workers).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(SOON_MS);
});

it("is told how long to sleep from then on", async () => {
  const waits = memory.waiter.waitAsync(new Int32Array(memory.buffer), memory.allocate(4) / 4, 0, 60_000);
  const asked = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const passed = performance.now() - asked;
  const desk = sleepers.desks[0] as Int32Array;
  Atomics.store(desk, DUTY, OFFERED);
  await sleepers.haveBegun();
  const places = Array.from({ length: PLACES }, (_, i) => FIRST + i * STRIDE).filter((place) => Atomics.load(desk, place + STATE) !== 0);
  expect(places).toHaveLength(1);
  const place = places[0] as number;
  const until = desk[place + UNTIL] as number;
  expect(until).toBeGreaterThan(60_000 - SOON_MS);
  expect(until).toBeLessThanOrEqual(Math.ceil(60_000 - passed));
  Atomics.store(desk, place + STATE, CHANGED);
  Atomics.notify(desk, place + STATE);
  expect(await waits).toBe("ok");
});

it("a program that ends meanwhile waits for it to begin", async () => {
  const { status, stdout, stderr } = await runProgram(new URL("programs/ends-early.ts", import.meta.url));
  expect([status, stderr]).toEqual([7, ""]);
  // Not until the time is up; and not at all if it has begun by then.
  expect(["ok", "not-equal"]).toContain(stdout);
});
