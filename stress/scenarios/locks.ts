/**
 * Lock and RLock: one owner at a time, no addition lost, misuse refused.
 *
 * @module
 */
import { DeadlockError, Lock, LockStateError, RawValue, RLock, TimeoutError } from "@interlock/core";
import { task } from "@interlock/pool";
import type { Report, Seat } from "../board.ts";
import { Crew, lanesOf } from "../crew.ts";
import { type Lane, runLanes } from "../lane.ts";
import { expect, expectEqual, type Scenario } from "../scenario.ts";
import { takeAsync, takeBlocking } from "../take.ts";

/** What the lock protects, without any synchronisation of its own. */
interface Protected {
  readonly counter: RawValue<"float64">;
  readonly inside: RawValue<"int32">;
}

export const hammer = task(
  import.meta,
  "hammer",
  (seat: Seat, lock: Lock | RLock, counter: RawValue<"float64">, inside: RawValue<"int32">): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const shared = { counter, inside };
      while (!lane.stopping) {
        if (lane.random.chance(0.5)) {
          if (takeBlocking(lane, lock)) await holdBlocking(lane, lock, shared);
        } else if (await takeAsync(lane, lock)) {
          await holdAsync(lane, lock, shared);
        } else if (lane.random.chance(0.1) && !lock.held) {
          lane.check(
            throws(LockStateError, () => lock.release()),
            () => "A release without an acquire passed",
          );
        }
        await lane.breathe();
      }
    }),
);

async function holdBlocking(lane: Lane, lock: Lock | RLock, shared: Protected): Promise<void> {
  enter(lane, lock, shared);
  if (lock instanceof Lock) {
    await misuse(lane, lock);
    await lane.linger();
  } else {
    reenter(lane, lock, shared, lane.random.below(3));
    // Whatever else this thread does would enter again.
    if (lane.alone) await lane.linger();
    else lane.spin();
  }
  leave(lane, lock, shared);
}

async function holdAsync(lane: Lane, lock: Lock | RLock, shared: Protected): Promise<void> {
  enter(lane, lock, shared);
  await misuse(lane, lock);
  await lane.linger();
  leave(lane, lock, shared);
}

function enter(lane: Lane, lock: Lock | RLock, { counter, inside }: Protected): void {
  const other = inside.value;
  lane.check(other === 0, () => `Lane id ${other} is in the section, too`);
  inside.value = lane.id;
  counter.value += 1;
  lane.count("taken");
  lane.check(lock.held && lock.locked, () => "A lock that was taken is not held");
}

function leave(lane: Lane, lock: Lock | RLock, { inside }: Protected): void {
  const other = inside.value;
  lane.check(other === lane.id, () => `Lane id ${other} came into the section meanwhile`);
  inside.value = 0;
  lane.do("release", () => lock.release());
}

/** Takes an RLock again and again, and gives all levels back but the first. */
function reenter(lane: Lane, lock: RLock, shared: Protected, levels: number): void {
  if (levels === 0) return;
  lane.check(takeBlocking(lane, lock, { mine: () => false }), () => "An owner could not enter again");
  shared.counter.value += 1;
  lane.count("taken");
  reenter(lane, lock, shared, levels - 1);
  lock.release();
  lane.check(lock.held, () => "An inner release gave up the lock");
}

/** Takes what the thread itself holds. */
async function misuse(lane: Lane, lock: Lock | RLock): Promise<void> {
  if (!lane.random.chance(0.1)) return;
  lane.check(!lock.tryAcquire(), () => "A lock was taken twice");
  lane.check(
    throws(DeadlockError, () => lock.acquire()),
    () => "Waiting for oneself passed",
  );
  if (!lane.random.chance(0.1)) return;
  const error = await lock.acquireAsync({ timeout: lane.random.timeout() }).catch((reason: unknown) => reason);
  lane.check(error instanceof TimeoutError, () => `Waiting for oneself gave ${String(error)}`);
}

function throws(ErrorClass: new () => Error, act: () => unknown): boolean {
  try {
    act();
  } catch (error) {
    if (error instanceof ErrorClass) return true;
    throw error;
  }
  return false;
}

function lockScenario(name: string, create: () => Lock | RLock): Scenario {
  return {
    name,
    async run(setting) {
      const lock = create();
      const counter = new RawValue("float64");
      const inside = new RawValue("int32");
      const crew = new Crew(setting);
      for (let i = 0; i < setting.threads; i++) crew.start(hammer, lanesOf(i), [lock, counter, inside]);
      const tally = await crew.run();
      expectEqual("the counter", counter.value, tally.counts["taken"] ?? 0);
      expect(!lock.locked, () => "Cannot accept the lock as it is still held");
      return tally;
    },
  };
}

export const scenarios: readonly Scenario[] = [lockScenario("lock", () => new Lock()), lockScenario("rlock", () => new RLock())];
