import { Atomic, Event, Lock, RawValue, RLock, TimeoutError, Value } from "@interlock/core";
import { Thread } from "@interlock/pool";
import { describe, expect, it } from "vitest";
import { addUnder, addUnderAsync, pong } from "./fixtures/stress-tasks.ts";

const THREADS = 3;
const TIMES = 3000;

/** Generous, yet far below what it takes if slices must rescue each wait. */
const BOUND_MS = 15_000;

function makeLocks(): (Lock | RLock | Value<"int32">)[] {
  return [new Lock(), new RLock(), new Value("int32")];
}

describe.each(makeLocks().map((lock) => [lock.constructor.name, lock] as const))("%s under stress", (_, lock) => {
  it("loses no addition between blocking and async waiters, early leavers included", async () => {
    const counter = new RawValue("int32");
    const taken = new Atomic("int32");
    const started = performance.now();
    const threads = Array.from({ length: THREADS }, (_, i) => new Thread(i % 2 === 0 ? addUnder : addUnderAsync, [lock, counter, taken, TIMES] as never));
    for (const thread of threads) thread.start();
    // Tasks of this thread wait beside them; some give up.
    await Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        for (let n = 0; n < 50; n++) {
          const signal = AbortSignal.abort();
          try {
            await lock.acquireAsync(i % 3 === 0 ? { timeout: n % 4 } : {});
          } catch (error) {
            expect(error).toBeInstanceOf(TimeoutError);
            await expect(lock.acquireAsync({ signal })).rejects.toBe(signal.reason);
            continue;
          }
          counter.value += 1;
          taken.add(1);
          if (n % 2 === 0) await Promise.resolve();
          lock.release();
        }
      }),
    );
    for (const thread of threads) await thread.result();
    expect(counter.value).toBe(taken.load());
    expect(taken.load()).toBeGreaterThanOrEqual(THREADS * TIMES);
    expect(lock.locked).toBe(false);
    expect(performance.now() - started).toBeLessThan(BOUND_MS);
  });
});

it("events hand over two thousand times, and no wake is lost", async () => {
  const [ping, back] = [new Event(), new Event()];
  const rounds = 2000;
  const thread = new Thread(pong, [ping, back, rounds]);
  thread.start();
  const started = performance.now();
  for (let i = 0; i < rounds; i++) {
    ping.set();
    await back.waitAsync();
    back.clear();
  }
  expect(await thread.result()).toBe(rounds);
  // A slice for each would take 100 s.
  expect(performance.now() - started).toBeLessThan(BOUND_MS);
});
