/**
 * Condition: a bounded buffer loses and duplicates nothing, and a notify reaches as many as it says.
 *
 * @module
 */
import { Condition, Lock, type RawArray, RLock } from "@interlock/core";
import { task } from "@interlock/pool";
import type { Report, Seat } from "../board.ts";
import { Crew, lanesOf } from "../crew.ts";
import { type Lane, runLanes } from "../lane.ts";
import { expectEqual, type Scenario } from "../scenario.ts";
import { takeAsync, takeBlocking } from "../take.ts";
import { add, createWords, get, set } from "../words.ts";

const CAPACITY = 4;

/** Plain words that the lock protects. */
const PUT = 0;
const GOT = 1;
const PRODUCERS = 2;
const SLOTS = 3;

export const produce = task(
  import.meta,
  "produce",
  (seat: Seat, notFull: Condition, notEmpty: Condition, { view: words }: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      while (!lane.stopping) {
        await hold(
          lane,
          notFull,
          () => get(words, PUT) - get(words, GOT) < CAPACITY,
          () => put(lane, words, notEmpty),
        );
        await lane.breathe();
      }
      await notEmpty.runAsync(() => {
        add(words, PRODUCERS, -1);
        notEmpty.notifyAll();
      });
    }),
);

export const consume = task(
  import.meta,
  "consume",
  (seat: Seat, notFull: Condition, notEmpty: Condition, { view: words }: RawArray<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const ended = (): boolean => get(words, PRODUCERS) === 0 && get(words, PUT) === get(words, GOT);
      for (let more = true; more; ) {
        await hold(
          lane,
          notEmpty,
          () => get(words, PUT) > get(words, GOT) || ended(),
          () => {
            if (ended()) more = false;
            else take(lane, words, notFull);
          },
        );
        await lane.breathe();
      }
    }),
);

/** Puts as many as fit, at most 3, and notifies for as many. */
function put(lane: Lane, words: Int32Array, notEmpty: Condition): void {
  const put = get(words, PUT);
  const n = Math.min(1 + lane.random.below(3), CAPACITY - (put - get(words, GOT)));
  for (let i = put; i < put + n; i++) set(words, SLOTS + (i % CAPACITY), i);
  set(words, PUT, put + n);
  lane.count("put", n);
  if (lane.random.chance(0.1)) notEmpty.notifyAll();
  else notEmpty.notify(n);
}

function take(lane: Lane, words: Int32Array, notFull: Condition): void {
  const got = get(words, GOT);
  const item = get(words, SLOTS + (got % CAPACITY));
  lane.check(item === got, () => `Item ${item} came where ${got} was due`);
  set(words, SLOTS + (got % CAPACITY), -1);
  set(words, GOT, got + 1);
  lane.count("got");
  notFull.notify();
}

/** Takes the lock, waits in a way chosen at random until `ready`, and then acts; or gives up. */
async function hold(lane: Lane, condition: Condition, ready: () => boolean, act: () => void): Promise<void> {
  const whole = condition.lock instanceof RLock && lane.random.chance(0.3);
  if (lane.random.chance(0.5)) {
    if (!takeBlocking(lane, condition)) return;
    // All levels are given up, and restored.
    if (whole) condition.acquire();
    if (waitBlocking(lane, condition, ready)) act();
    if (whole) condition.release();
  } else {
    if (!(await takeAsync(lane, condition))) return;
    if (await waitAsync(lane, condition, ready)) act();
  }
  lane.check(condition.held, () => "The lock was lost in wait");
  condition.release();
}

function waitBlocking(lane: Lane, condition: Condition, ready: () => boolean): boolean {
  const timeout = lane.random.timeout();
  // Another lane of this thread may be the one that is waited for.
  const kind = lane.random.below(lane.alone ? 4 : 2);
  if (kind === 0) return lane.attempt("wait with timeout", () => condition.waitFor(ready, { timeout }));
  if (kind === 1) return ready() || (lane.attempt("wait with timeout", () => condition.wait({ timeout })) && ready());
  if (kind === 2) return lane.attempt("wait", () => condition.waitFor(ready));
  while (!ready()) lane.do("wait", () => condition.wait());
  return true;
}

async function waitAsync(lane: Lane, condition: Condition, ready: () => boolean): Promise<boolean> {
  const timeout = lane.random.timeout();
  switch (lane.random.below(5)) {
    case 0:
      return lane.attemptAsync("waitAsync with timeout", () => condition.waitForAsync(ready, { timeout }));
    case 1:
      return ready() || ((await lane.attemptAsync("waitAsync with timeout", () => condition.waitAsync({ timeout }))) && ready());
    case 2:
      return lane.attemptAsync("waitAsync with signal", (signal) => condition.waitForAsync(ready, { signal }));
    case 3:
      return ready() || ((await lane.attemptAsync("waitAsync with signal", (signal) => condition.waitAsync({ signal }))) && ready());
    default:
      return lane.attemptAsync("waitAsync", () => condition.waitForAsync(ready));
  }
}

function buffer(name: string, create: () => Lock | RLock): Scenario {
  return {
    name,
    async run(setting) {
      const lock = create();
      const board = createWords(SLOTS + CAPACITY);
      const words = board.view.fill(-1, SLOTS);
      const shared = [new Condition(lock), new Condition(lock), board];
      const crew = new Crew(setting);
      for (let i = 0; i < setting.threads; i++) {
        const lanes = lanesOf(i >> 1);
        if (i % 2 === 0) add(words, PRODUCERS, lanes);
        crew.start(i % 2 === 0 ? produce : consume, lanes, shared);
      }
      const tally = await crew.run();
      const { put = 0, got = 0 } = tally.counts;
      expectEqual("what was put", put, get(words, PUT));
      expectEqual("what was got", got, put);
      return tally;
    },
  };
}

export const scenarios: readonly Scenario[] = [buffer("condition-rlock", () => new RLock()), buffer("condition-lock", () => new Lock())];
