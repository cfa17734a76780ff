import { AbandonedLockError, Atomic, Event, Lock } from "@interlock/core";
import { Thread } from "@interlock/pool";
import { afterEach, describe, expect, it } from "vitest";
import { expectBest, LOST_MS } from "./fixtures/best-of-ten.ts";
import { awaitLock, dieHolding, parentOfHolder } from "./fixtures/tasks.ts";

/**
 * How soon every waiter learns of an owner's death. The clock starts with the call of `terminate` or `kill`; with an owner
 * that ends by itself, it starts when it is gone, or, if nobody is free to see that, when it is told to end. The steps of
 * the library take most of it, so late timers of a busy machine break it.
 */
const NOTICE = { below: 200, always: LOST_MS };

const WAYS = ["exit 0", "exit 3", "throw", "terminate", "kill"] as const;
type Way = (typeof WAYS)[number];

interface Scene {
  readonly owner: Thread<never, unknown>;
  readonly lock: Lock;
  /** Blocks in the lock, in a thread of its own. */
  readonly third: Thread<never, string>;
  /** Set once the third has its answer. */
  readonly answered: Event;
  /** Ends the owner; returns when. */
  end(): number;
}

const threads: Thread<never, unknown>[] = [];

afterEach(async () => {
  for (const thread of threads.splice(0)) expect(await thread.join({ timeout: 10_000 })).toBe(true);
});

async function makeScene(how: Way): Promise<Scene> {
  const [lock, taken, die, answered, waiting] = [new Lock(), new Event(), new Event(), new Event(), new Atomic("int32")];
  const owner = new Thread(dieHolding, [lock, taken, die, how === "terminate" || how === "kill" ? "spin" : how]);
  const third = new Thread(awaitLock, [lock, waiting, answered]);
  threads.push(owner as never, third as never);
  owner.start();
  await taken.waitAsync();
  third.start();
  while (waiting.load() < 1) await waiting.waitAsync(0);
  const end = (): number => {
    die.set();
    const ended = performance.now();
    if (how === "terminate" || how === "kill") void owner[how]();
    return ended;
  };
  return { owner: owner as never, lock, third: third as never, answered, end };
}

/** The name of what a wait rejects with, and when it does. */
async function fate(wait: Promise<unknown>): Promise<[string, number]> {
  const name = await wait.then(
    () => "taken",
    (error: Error) => error.name,
  );
  return [name, performance.now()];
}

describe.each(WAYS)("a lock whose owner dies: %s", (how) => {
  it("throws in async waiters and in a blocked third thread", () =>
    expectBest(NOTICE, async () => {
      const { owner, lock, third, end } = await makeScene(how);
      const asyncFates = [lock.acquireAsync(), lock.acquireAsync()].map(fate);
      const thirdFate = third.result().then((name) => [name, performance.now()] as const);
      const called = end();
      const gone = owner.join().then(() => performance.now());
      const since = how === "terminate" || how === "kill" ? called : await gone;
      const fates = await Promise.all([...asyncFates, thirdFate]);
      expect(fates.map(([name]) => name)).toEqual(Array(3).fill("AbandonedLockError"));
      expect(lock.recover()).toBe(true);
      lock.release();
      return Math.max(...fates.map(([, noticed]) => noticed - since));
    }));

  it("throws in a blocked parent, and in a third thread beside it", () =>
    expectBest(NOTICE, async () => {
      const { lock, third, end } = await makeScene(how);
      const since = end();
      expect(() => lock.acquire()).toThrow(AbandonedLockError);
      expect(await third.result()).toBe("AbandonedLockError");
      return performance.now() - since;
    }));

  it("throws in a blocked third thread although the parent blocks elsewhere", () =>
    expectBest(NOTICE, async () => {
      const { third, answered, end } = await makeScene(how);
      const since = end();
      expect(answered.wait({ timeout: 10_000 })).toBe(true);
      const noticed = performance.now() - since;
      expect(await third.result()).toBe("AbandonedLockError");
      return noticed;
    }));
});

describe("a lock whose owner dies with the thread that started it", () => {
  // The runtime ends the owner, and nobody is left who sees it end.
  it.each(["exit", "terminate", "kill"] as const)("is abandoned: %s", async (how) => {
    const [lock, taken, end] = [new Lock(), new Event(), new Event()];
    const parent = new Thread(parentOfHolder, [lock, taken, end]);
    threads.push(parent as never);
    parent.start();
    await taken.waitAsync();
    const started = performance.now();
    const waiter = expect(lock.acquireAsync({ timeout: 10_000 })).rejects.toThrow(AbandonedLockError);
    if (how === "exit") end.set();
    else void parent[how]();
    await waiter;
    expect(performance.now() - started).toBeLessThan(5000);
    expect(lock.recover()).toBe(true);
    lock.release();
  });
});
