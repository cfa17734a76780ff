/** What the conformance tests share: threads that end with their test, and bounds on time. Where they say thread, it may be a process. */
import { setSlice, sliceRescues } from "@interlock/core/testing";
import { Process, type ProcessOptions, type Task, Thread } from "@interlock/pool";
import { afterEach, beforeEach, expect, onTestFinished } from "vitest";
import type { Form } from "./forms.ts";

/** What the parties of a test run in; the tests of shm choose processes. */
export const parties: { kind: typeof Thread | typeof Process } = { kind: Thread };

type Party<A extends readonly unknown[], R> = Thread<A, R> | Process<A, R>;

/** What a lock's owner is called that has this name; of a process, its number is told as well. */
export function ownerNamed(name: string): unknown {
  return parties.kind === Thread ? name : expect.stringMatching(new RegExp(`^${name} of process \\d+$`));
}

/** Milliseconds in which what must not happen would have happened. */
export const DELTA = 100;
/** Milliseconds in which whoever was woken goes on, also on a busy machine. */
export const WAKE = 5000;
/** Milliseconds in which threads have started, also on a busy machine. */
export const START = 30_000;

/**
 * Fails a test in which a wait ended only because a slice of it ran out. Slices are longer than any wait here, so a lost
 * wake-up also breaks the bounds on time: found after 50 ms, it could not be told from a busy machine.
 */
export function forbidRescues(): void {
  let before = 0;
  beforeEach(() => {
    before = sliceRescues();
    setSlice(10_000);
  });
  afterEach(() => {
    setSlice(50);
    expect(sliceRescues() - before, "waits that only the end of a slice rescued").toBe(0);
  });
}

/** What tests of children run on, as the table calls it. */
export const KINDS = [
  ["thread", Thread],
  ["process", Process],
] as const;

/** What starts children of a kind. Those that still run when the test ends, because it failed, end with it. */
export function starter<K extends typeof Thread | typeof Process>(
  Kind: K,
): <A extends readonly unknown[], R>(fn: Task<A, R | Promise<R>>, args: A, options?: ProcessOptions) => Thread<A, R> | Process<A, R> {
  return (fn, args, options = {}) => {
    const child = new Kind(fn, args, options);
    child.start();
    onTestFinished(async () => {
      if (child.isAlive()) await child.terminate();
    });
    return child;
  };
}

/** Starts threads. Those that still run when the test ends, because it failed, end with it. */
export function startThreads<A extends readonly unknown[], R>(count: number, fn: Task<A, R>, args: A, name?: string): Party<A, R>[] {
  return Array.from({ length: count }, () => {
    const thread = new parties.kind(fn, args, name === undefined ? {} : { name });
    thread.start();
    onTestFinished(async () => {
      if (thread.isAlive()) await thread.terminate();
    });
    return thread;
  });
}

/** What threads returned, once they have ended without an error. */
export async function resultsOf<R>(threads: readonly Party<readonly unknown[], R>[]): Promise<R[]> {
  const results = await Promise.all(threads.map((thread) => thread.result()));
  for (const thread of threads) {
    await thread.join();
    expect(thread.exitCode).toBe(0);
  }
  return results;
}

/** Runs `threads` blocking parties and `own` async ones, together; returns what they all returned. */
export async function together<A extends readonly unknown[], R>(threads: number, own: number, form: Form<A, R>, args: A): Promise<R[]> {
  const started = startThreads(threads, form.task, args);
  const tasks = Array.from({ length: own }, () => form.runAsync(...args));
  return (await Promise.all([resultsOf(started), ...tasks.map((one) => one.then((result) => [result]))])).flat();
}

/** Runs the blocking form in a thread, and then the async form here; returns both results. */
export async function oneByOne<A extends readonly unknown[], R>(form: Form<A, R>, makeArgs: () => [...A]): Promise<[blocking: R, async: R]> {
  const [blocking] = await resultsOf(startThreads(1, form.task, makeArgs()));
  return [blocking as R, await form.runAsync(...makeArgs())];
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Checks that a wait took its whole timeout, but for the millisecond that a host's timer may be early, and not much more. */
export function expectTimedOut(elapsed: number, timeout: number): void {
  expect(elapsed).toBeGreaterThan(timeout - 1);
  expect(elapsed).toBeLessThan(timeout + WAKE);
}
