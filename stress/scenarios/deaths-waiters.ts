/**
 * Threads die while others wait for permits, an event, or a change; the others go on, and nothing is lost but the dead.
 *
 * @module
 */
import { setTimeout } from "node:timers/promises";
import { AbandonedLockError, Condition, Event, Lock, type RawArray, Semaphore } from "@interlock/core";
import { task } from "@interlock/pool";
import type { Report, Role, Seat } from "../board.ts";
import { Crew, type Setting, type Tally } from "../crew.ts";
import { Doom, reap } from "../doom.ts";
import { createHoldings, say } from "../holdings.ts";
import { type Lane, runLanes } from "../lane.ts";
import { expect, expectEqual, type Scenario } from "../scenario.ts";
import { takeAsync, takeBlocking } from "../take.ts";
import { createWords, get, set } from "../words.ts";

const PERMITS = 3;

/** Borrows permits, and writes down how many, so that somebody can give them back for a dead one. */
export const borrowAndDie = task(
  import.meta,
  "borrowAndDie",
  (seat: Seat, semaphore: Semaphore, { view: out }: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const doom = new Doom(lane);
      while (!lane.stopping) {
        const permits = 1 + lane.random.below(PERMITS);
        if (lane.random.chance(0.5) ? takeBlocking(lane, semaphore, { permits }) : await takeAsync(lane, semaphore, { permits })) {
          const sum = say(out, seat.index, permits).all.reduce((total, n) => total + n, 0);
          lane.check(sum <= PERMITS, () => `${sum} permits are out of ${PERMITS}`);
          if (lane.random.chance(0.5)) await doom.point();
          else doom.pointNow();
          await lane.linger();
          say(out, seat.index, 0);
          lane.do("release", () => semaphore.release(permits));
        }
        await lane.breathe();
      }
      doom.cancel();
    }),
);

export const awaitPulse = task(
  import.meta,
  "awaitPulse",
  (seat: Seat, pulse: Event): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const doom = new Doom(lane);
      while (!lane.stopping) {
        if (lane.random.chance(0.5)) lane.do("wait", () => pulse.wait());
        else await lane.attemptAsync("waitAsync with signal", (signal) => pulse.waitAsync({ signal }));
        if (lane.random.chance(0.5)) await doom.point();
        else doom.pointNow();
        await lane.breathe();
      }
      doom.cancel();
    }),
);

export const pulseAndDie = task(
  import.meta,
  "pulseAndDie",
  (seat: Seat, pulse: Event): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const doom = new Doom(lane);
      while (!lane.stopping) {
        lane.do("set", () => pulse.set());
        await doom.point();
        pulse.clear();
        await doom.point();
        await lane.linger();
        await lane.breathe();
      }
      pulse.set();
      doom.cancel();
    }),
);

const CAPACITY = 4;
const PUT = 0;
const GOT = 1;
const ABANDONED = 2;
const SLOTS = 3;

/** One side of a bounded buffer. Items are numbered, and putting or getting one is one write: a dead thread did it or not. */
export const passOn = task(
  import.meta,
  "passOn",
  (seat: Seat, notFull: Condition, notEmpty: Condition, { view: words }: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const puts = seat.index % 2 === 0;
      const doom = new Doom(lane);
      const fill = (): number => get(words, PUT) - get(words, GOT);
      const ready = (): boolean => lane.stopping || (puts ? fill() < CAPACITY : fill() > 0);
      const act = (): void => {
        if (lane.stopping) return;
        if (puts) put(words, doom);
        else take(lane, words, doom);
        (puts ? notEmpty : notFull).notify();
        doom.pointNow();
      };
      // A dead thread may have taken a notification with it: whoever follows it passes that on.
      await withLock(lane, notFull, words, async () => wakeAll(notFull, notEmpty));
      while (!lane.stopping) {
        const mine = puts ? notFull : notEmpty;
        const alive = await withLock(lane, mine, words, async () => {
          if (lane.random.chance(0.5)) lane.attempt("wait", () => mine.waitFor(ready));
          else await lane.attemptAsync("waitAsync", () => mine.waitForAsync(ready));
          act();
        });
        // As above: the dead owner may have changed something, and told nobody.
        if (!alive) await withLock(lane, notFull, words, async () => wakeAll(notFull, notEmpty));
        await lane.breathe();
      }
      doom.cancel();
    }),
);

function put(words: Int32Array, doom: Doom): void {
  const put = get(words, PUT);
  set(words, SLOTS + (put % CAPACITY), put);
  doom.pointNow();
  set(words, PUT, put + 1);
  doom.pointNow();
}

function take(lane: Lane, words: Int32Array, doom: Doom): void {
  const got = get(words, GOT);
  const item = get(words, SLOTS + (got % CAPACITY));
  lane.check(item === got, () => `Item ${item} came where ${got} was due`);
  doom.pointNow();
  set(words, GOT, got + 1);
  doom.pointNow();
}

function wakeAll(notFull: Condition, notEmpty: Condition): void {
  notFull.notifyAll();
  notEmpty.notifyAll();
}

/** Runs `act` holding the lock of a condition. Resolves to false, after a recovery, if its owner died. */
async function withLock(lane: Lane, condition: Condition, words: Int32Array, act: () => Promise<void>): Promise<boolean> {
  const lock = condition.lock;
  try {
    if (lane.random.chance(0.5)) lane.do("acquire", () => lock.acquire());
    else await lane.doAsync<unknown>("acquireAsync", () => lock.acquireAsync());
    await act();
    lane.do("release", () => lock.release());
    return true;
  } catch (error) {
    if (!(error instanceof AbandonedLockError)) throw error;
    lane.check(!lock.held, () => "A lock that was reported as abandoned is held");
    if (lane.do("recover", () => lock.recover())) {
      Atomics.add(words, ABANDONED, 1);
      lock.release();
    }
    return false;
  }
}

async function run(
  setting: Setting,
  roleOf: (index: number) => Role,
  shared: readonly unknown[],
  hooks: { readonly anywhere: boolean; mourn?(index: number, stopping: boolean): void; nudge?(): Promise<void>; until?(): boolean },
): Promise<Tally> {
  const start = (index: number): unknown => crew.start(roleOf(index), 1, shared, index);
  const crew = new Crew(setting, ({ seat }) => {
    hooks.mourn?.(seat.index, crew.stopping);
    if (!crew.stopping) start(seat.index);
  });
  for (let i = 0; i < setting.threads; i++) start(i);
  return crew.run({
    during: async (signal) => {
      const reaped = reap(crew, signal, hooks.anywhere);
      while (!signal.aborted) {
        if (crew.stopping) await hooks.nudge?.();
        await setTimeout(10);
      }
      await reaped;
    },
    ...(hooks.until && { until: hooks.until }),
  });
}

export const scenarios: readonly Scenario[] = [
  {
    name: "death-semaphore",
    deadly: true,
    async run(setting) {
      const semaphore = new Semaphore(PERMITS);
      const out = createHoldings();
      // Ended between taking permits and writing that down, a thread would take them with it.
      const tally = await run(setting, () => borrowAndDie, [semaphore, out], {
        anywhere: false,
        mourn(index) {
          const lost = say(out.view, index, 0).before;
          if (lost > 0) semaphore.release(lost);
        },
      });
      expectEqual("the number of permits", semaphore.value, PERMITS);
      return tally;
    },
  },
  {
    name: "death-event",
    deadly: true,
    async run(setting) {
      const pulse = new Event();
      return run(setting, (index) => (index === 0 ? pulseAndDie : awaitPulse), [pulse], {
        anywhere: true,
        mourn(_, stopping) {
          if (stopping) pulse.set();
        },
      });
    },
  },
  {
    name: "death-condition",
    deadly: true,
    async run(setting) {
      const lock = new Lock();
      const [notFull, notEmpty] = [new Condition(lock), new Condition(lock)];
      const board = createWords(SLOTS + CAPACITY);
      const words = board.view;
      const tally = await run(setting, () => passOn, [notFull, notEmpty, board], {
        anywhere: true,
        // Those that still wait learn that it is over; and there are no replacements any more to do it.
        async nudge() {
          try {
            await lock.acquireAsync();
          } catch (error) {
            if (!(error instanceof AbandonedLockError)) throw error;
            if (!lock.recover()) return;
          }
          wakeAll(notFull, notEmpty);
          lock.release();
        },
        until: () => Atomics.load(words, GOT) > 0,
      });
      const fill = get(words, PUT) - get(words, GOT);
      expect(fill >= 0 && fill <= CAPACITY, () => `Cannot accept that ${get(words, PUT)} were put and ${get(words, GOT)} got`);
      return { ...tally, counts: { abandonments: get(words, ABANDONED) } };
    },
  },
];
