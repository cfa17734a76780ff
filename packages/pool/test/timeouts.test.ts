import { Atomic, Event, Lock, RLock, Value } from "@interlock/core";
import { describe, expect, it } from "vitest";

const locks = [new Lock(), new RLock(), new Value("int32")];
const event = new Event();
const atomic = new Atomic("int32");

type Wait = (options: { timeout: number }) => unknown;

const waits: readonly (readonly [name: string, wait: Wait])[] = [
  ...locks.flatMap((lock): (readonly [string, Wait])[] => {
    const kind = lock.constructor.name;
    return [
      [`${kind}.acquire`, (options) => lock.acquire(options)],
      [`${kind}.tryAcquire`, (options) => lock.tryAcquire(options)],
      [`${kind}.acquireAsync`, (options) => lock.acquireAsync(options)],
      [`${kind}.tryAcquireAsync`, (options) => lock.tryAcquireAsync(options)],
      [`${kind}.run`, (options) => lock.run(() => 1, options)],
      [`${kind}.runAsync`, (options) => lock.runAsync(() => 1, options)],
    ];
  }),
  ["Event.wait", (options) => event.wait(options)],
  ["Event.waitAsync", (options) => event.waitAsync(options)],
  ["Atomic.wait", (options) => atomic.wait(0, options)],
  ["Atomic.waitAsync", (options) => atomic.waitAsync(0, options)],
];

describe("a timeout", () => {
  it.each(waits)("that is no number of milliseconds is refused: %s", async (_, wait) => {
    for (const [timeout, type, received] of [
      [Number.NaN, RangeError, "NaN"],
      ["5", TypeError, "string"],
      [null, TypeError, "object"],
    ] as const) {
      const error = await (async () => wait({ timeout: timeout as number }))().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(type);
      expect(String(error)).toMatch(new RegExp(`Cannot .* as 'timeout' must be a number of milliseconds: received ${received}$`));
    }
    for (const lock of locks) expect(lock.locked).toBe(false);
  });
});
