import { Event, Lock, Semaphore, Value } from "@interlock/core";
import { Process, Thread } from "@interlock/pool";
import { createMemory, type ShmMemory } from "@interlock/shm";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { RUNTIMES } from "../../../stress/runtimes.ts";
import { runProgram } from "../../pool/test/fixtures/run-program.ts";
import * as tasks from "./fixtures/shm-tasks.ts";

// Processes of every runtime that there is share locks with this one's.

/** How often each of ten adds. For a long run, say more. */
const TIMES = Number(process.env["INTERLOCK_TIMES"] ?? 5000);
const ALL = Object.keys(RUNTIMES);
/** However slow the machine: it does not hang. */
const BOUND_MS = 5000;
const START_MS = 40_000;
/** More than all that a test waits for at most. */
const TEST_MS = 120_000;

let memory: ShmMemory;
beforeAll(() => {
  memory = createMemory({ size: 1 << 20 });
});
afterAll(() => memory.close());

/** Starts a process on a runtime; on this one if none is named. One that still runs when the test ends is ended. */
function start<A extends readonly unknown[], R>(runtime: string | undefined, task: (...args: A) => R, ...args: A): Process<A, Awaited<R>> {
  const child = new Process(task as never, args as never, RUNTIMES[runtime ?? ""]);
  child.start();
  onTestFinished(async () => {
    if (child.isAlive()) await child.terminate();
  });
  return child as never;
}

it.each([["this runtime"], ...ALL.map((name) => [name]), ["all runtimes"]])(
  "ten processes of %s lose no addition under a lock",
  async (which) => {
    const [counter, lock] = [new Value("int32", 0, { memory }), new Lock({ memory })];
    const runtimeOf = (i: number): string | undefined => (which === "all runtimes" ? ALL[i % ALL.length] : ALL.includes(which) ? which : undefined);
    const children = Array.from({ length: 10 }, (_, i) => start(runtimeOf(i), tasks.addUnderLock, counter, lock, TIMES));
    await Promise.all(children.map((child) => child.result()));
    expect(counter.value).toBe(10 * TIMES);
    expect(lock.locked).toBe(false);
  },
  TEST_MS + TIMES,
);

it("whoever waits for a lock learns that its owner was killed, blocking or not, on every runtime", { timeout: TEST_MS }, async () => {
  const [lock, held, waiting] = [new Lock({ memory }), new Event({ memory }), new Semaphore(0, { memory })];
  const owner = start(undefined, tasks.hold, lock, held);
  expect(await held.waitAsync({ timeout: START_MS })).toBe(true);
  const waiters = ALL.flatMap((name) => [start(name, tasks.noteDeath, lock, waiting), start(name, tasks.noteDeathAsync, lock, waiting)]);
  await waiting.acquireAsync({ permits: waiters.length, timeout: START_MS });
  // Until they have called it in vain, and the slower ones sleep.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const killed = Date.now();
  owner.kill();
  for (const { error, at } of await Promise.all(waiters.map((waiter) => waiter.result()))) {
    expect(error).toBe("AbandonedLockError");
    expect(at).toBeGreaterThanOrEqual(killed);
    expect(at - killed).toBeLessThan(BOUND_MS);
  }
  expect(lock.recover()).toBe(true);
  lock.release();
});

describe("whoever waits for a lock is terminated", { timeout: TEST_MS }, () => {
  it.each([
    ["a process", Process, tasks.waitFor],
    ["a process that does not block", Process, tasks.waitForAsync],
    ["a thread", Thread, tasks.waitFor],
    ["a thread that does not block", Thread, tasks.waitForAsync],
  ])("%s", async (_, Kind, task) => {
    const [lock, begun] = [new Lock({ memory }), new Event({ memory })];
    lock.acquire();
    const waiter = new Kind(task as typeof tasks.waitFor, [lock, begun]);
    waiter.start();
    expect(await begun.waitAsync({ timeout: START_MS })).toBe(true);
    const began = performance.now();
    await waiter.terminate();
    expect(performance.now() - began).toBeLessThan(BOUND_MS);
    lock.release();
    expect(lock.tryAcquire()).toBe(true);
    lock.release();
  });

  it("and then the program ends as usual", async () => {
    expect(await runProgram(new URL("programs/terminates-waiters.ts", import.meta.url))).toMatchObject({ status: 0, stdout: "end", stderr: "" });
  });
});
