/**
 * A thread whose waits do not sleep: something happens, then they end as they are told.
 *
 * @module
 */
import type { Context } from "@interlock/explore";
import type { Event } from "../../src/event.ts";
import { Lock } from "../../src/lock.ts";
import type { Place } from "../../src/memory.ts";
import type { WaitBackend, WaitResult } from "../../src/sys/futex.ts";
import type { Exploration } from "./scenario.ts";

/** A wait, as the backend is asked for it. */
type Wait = (milliseconds: number) => WaitResult;

export interface Sleeper {
  readonly at: Place;
  clock: number;
  rescues: number;
  checkpoints: number;
  /** How often it was asked whether it sleeps on, and what to say then. */
  asked: number;
  sleepsOn: (asked: number) => boolean;
  checkpoint: () => void;
  /** Told before each scenario. */
  wait: Wait;
  waitAsync: (milliseconds: number) => Promise<WaitResult>;
  notified: () => void;
}

/** How far the end of the slice is that a sleeper has in common with others. */
export const COMMON_END_MS = 13;

function sleeperAt({ memory, offset }: Place): Sleeper {
  const notify: WaitBackend["notify"] = (words, index, n) => {
    sleeper.notified();
    return memory.waiter.notify(words, index, n);
  };
  const waiter = { ...memory.waiter, notify, wait: (_w: Int32Array, _i: number, _e: number, ms: number) => sleeper.wait(ms) };
  const waitAsync = (_w: Int32Array, _i: number, _e: number, ms: number): Promise<WaitResult> => sleeper.waitAsync(ms);
  const agent = {
    ...memory.agent,
    now: () => sleeper.clock,
    rescued: () => void sleeper.rescues++,
    sleepsOn: () => sleeper.sleepsOn(++sleeper.asked),
    toCommonEnd: () => COMMON_END_MS,
    checkpoint: () => sleeper.checkpoint(),
  };
  const at = { memory: { ...memory, agent, waiter: { ...waiter, waitAsync } }, offset };
  const sleeper: Sleeper = {
    at,
    clock: 0,
    rescues: 0,
    checkpoints: 0,
    asked: 0,
    sleepsOn: () => false,
    checkpoint: () => void sleeper.checkpoints++,
    wait: () => "ok",
    waitAsync: async () => "ok",
    notified: () => {},
  };
  return sleeper;
}

/** From now on an async wait lasts until the returned function is called. */
export function holdWaits(c: Context, sleeper: Sleeper): () => void {
  let wake: (() => void) | undefined;
  sleeper.waitAsync = (milliseconds) => {
    c.assert(milliseconds === Infinity, `a wait is for ${milliseconds} ms`);
    return new Promise((resolve) => {
      wake = () => resolve("ok");
    });
  };
  return () => wake?.();
}

/** Where an event that lies at the beginning counts its waiters. */
export const WAITERS = 3;

/** Sets an event as whoever dies before it calls anybody. */
export function setSilently(c: Context, event: Event): void {
  const words = new Int32Array(c.buffer);
  const waiters = Atomics.exchange(words, WAITERS, 0);
  event.set();
  Atomics.store(words, WAITERS, waiters);
}

export interface Case {
  readonly timeout: number;
  /** How long each wait shall be, and how it ends. What is waited for comes during the last. */
  readonly waits: readonly (readonly [milliseconds: number, how: WaitResult])[];
  /** Whether a slice that ended was the only reason to look again. */
  readonly rescued: boolean;
}

export const cases: readonly Case[] = [
  { timeout: Infinity, waits: [[50, "ok"]], rescued: false },
  { timeout: Infinity, waits: [[50, "not-equal"]], rescued: false },
  { timeout: Infinity, waits: [[50, "timed-out"]], rescued: true },
  {
    timeout: Infinity,
    waits: [
      [50, "timed-out"],
      [50, "ok"],
    ],
    rescued: false,
  },
  {
    timeout: 120,
    waits: [
      [50, "timed-out"],
      [50, "ok"],
      [20, "ok"],
    ],
    rescued: false,
  },
  { timeout: 51, waits: [[50, "timed-out"]], rescued: true },
  // Out of time: it looks once more in any case.
  { timeout: 50, waits: [[50, "timed-out"]], rescued: false },
];

/** A place as a sleeper sees it, and as others do. */
export interface Both {
  readonly sleeper: Sleeper;
  readonly at: Place;
}

export const both: Pick<Exploration<Both>, "create" | "open"> = {
  create: (memory) => void new Lock({ memory }),
  open: (at) => ({ sleeper: sleeperAt(at), at }),
};

/** Plays a case, and says whether it went as it should. */
export function play(c: Context, sleeper: Sleeper, { waits }: Case, happen: () => void): () => void {
  let n = 0;
  sleeper.clock = 1000;
  sleeper.rescues = 0;
  sleeper.checkpoints = 0;
  sleeper.wait = (milliseconds) => {
    const [expected, how] = waits[n++] ?? [0, "ok"];
    c.assert(milliseconds === expected, `wait ${n} is for ${milliseconds} ms`);
    sleeper.clock += milliseconds;
    if (n === waits.length) happen();
    return how;
  };
  return () => c.assert(n === waits.length, `${n} waits`);
}

/** Says whether it counted what it should have. */
export function judge(c: Context, sleeper: Sleeper, { waits, rescued }: Case): void {
  c.assert(sleeper.rescues === (rescued ? 1 : 0), `${sleeper.rescues} rescues`);
  const expired = waits.filter(([, how]) => how === "timed-out").length;
  c.assert(sleeper.checkpoints === expired, `${sleeper.checkpoints} checkpoints`);
}
