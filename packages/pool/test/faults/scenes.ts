/** How a worker gets into each state, and what must hold there once it is over. */
import { AbandonedLockError, Condition, Lock, type Memory } from "@interlock/core";
import type { ApplyOptions, Pool, PoolOptions } from "@interlock/pool";
import { task } from "@interlock/pool";
import { expect } from "vitest";
import { type Mark, type Marks, set, whenSet } from "../fixtures/marks.ts";
import { awaitCondition, goWrong, goWrongHolding, goWrongSending, goWrongWaiting, initialize, leaveBehind, releaseFor, square } from "./fault-tasks.ts";
import type { Cell, State } from "./matrix.ts";
import { FILL_MS, settled, within } from "./within.ts";

/** Milliseconds after which an import has begun, or has not: it makes no difference. */
const IMPORT_MS = 100;

/** One run of a cell. */
export interface Scene {
  readonly options?: PoolOptions;
  /** The call in whose worker it goes wrong. */
  call(pool: Pool, options: ApplyOptions): Promise<unknown>;
  /** Resolves when the worker is in its state. */
  ready(): Promise<unknown>;
  /** What else must hold once the call is settled, where the pool goes on if `alive`. */
  aftermath?(pool: Pool, alive: boolean): Promise<void>;
}

type Making = (cell: Cell, marks: Marks, where: { readonly memory?: Memory }) => Scene;

/** A scene whose task says when it is there. */
function sceneOf(reached: Mark, call: Scene["call"], more: Partial<Scene> = {}): Scene {
  return { call, ready: () => whenSet(reached), ...more };
}

const inInitializer =
  (always: boolean): Making =>
  ({ fault }, marks) => {
    const [reached, once] = [marks.make("reached"), marks.make("once")];
    set(once);
    const initArgs = [fault, always ? undefined : once, reached];
    return sceneOf(reached, (pool, options) => pool.apply(square, [2], options), { options: { initializer: initialize, initArgs } });
  };

const holdingALock: Making = ({ fault }, marks, where) => {
  const [reached, waiting, lock] = [marks.make("reached"), marks.make("waiting"), new Lock(where)];
  let wanted: Promise<{ readonly error?: unknown }> | undefined;
  return sceneOf(reached, (pool, options) => pool.apply(goWrongHolding, [fault, reached, lock, waiting], options), {
    async ready() {
      await whenSet(reached);
      wanted = settled(lock.acquireAsync());
      set(waiting);
    },
    async aftermath(pool) {
      // Its worker lives on, and so it holds the lock.
      if (fault === "unclonable result") await pool.apply(releaseFor, [lock]);
      const { error } = await within("the lock", wanted as Promise<{ readonly error?: unknown }>);
      if (fault === "unclonable result") expect(error).toBeUndefined();
      else {
        expect(error).toBeInstanceOf(AbandonedLockError);
        expect(lock.recover()).toBe(true);
      }
      lock.release();
    },
  });
};

const waitingOnACondition: Making = ({ fault }, marks, where) => {
  const [reached, condition] = [marks.make("reached"), new Condition(undefined, where)];
  return sceneOf(reached, (pool, options) => pool.apply(goWrongWaiting, [fault, reached, condition], options), {
    async ready() {
      await whenSet(reached);
      await condition.runAsync(() => {});
    },
    async aftermath(pool, alive) {
      if (!alive)
        return within(
          "the condition's lock",
          condition.runAsync(() => {}),
        );
      const there = marks.make("there");
      const woken = pool.apply(awaitCondition, [condition, there]);
      await whenSet(there);
      await within(
        "the condition's lock",
        condition.runAsync(() => condition.notify()),
      );
      expect(await within("the notified wait", woken)).toBe("woken");
    },
  });
};

const makers: Readonly<Record<State, Making>> = {
  idle: ({ fault }) => ({
    call: (pool) => pool.apply(leaveBehind, [fault]),
    ready: async () => {},
    async aftermath(pool, alive) {
      if (alive) await expect.poll(() => pool.stats().lost, { timeout: fault === "out of memory" ? FILL_MS : 5000, interval: 10 }).toBe(1);
    },
  }),
  starting: ({ fault }) => {
    const imported = task(new URL("./faulty-module.ts", import.meta.url).href, "imported", () => "never");
    // Workers get it when they start.
    process.env["INTERLOCK_FAULT"] = fault;
    return { call: (pool, options) => pool.apply(imported, [], options), ready: () => new Promise((resolve) => setTimeout(resolve, IMPORT_MS)) };
  },
  "in initializer": inInitializer(false),
  "in every initializer": inInitializer(true),
  "in a task": ({ fault }, marks) => {
    const reached = marks.make("reached");
    return sceneOf(reached, (pool, options) => pool.apply(goWrong, [fault, reached], options));
  },
  "sending a result": ({ fault }, marks) => {
    const reached = marks.make("reached");
    return sceneOf(reached, (pool, options) => pool.apply(goWrongSending, [fault, reached], options));
  },
  "holding a lock": holdingALock,
  "waiting on a condition": waitingOnACondition,
};

/** The scene of a cell; what its workers share lies in that memory, if one is given. */
export function sceneFor(cell: Cell, marks: Marks, memory?: Memory): Scene {
  return makers[cell.state](cell, marks, memory === undefined ? {} : { memory });
}
