/**
 * Owners of a Lock, an RLock or a side of a RWLock die; whoever comes next is told, repairs, and goes on.
 *
 * @module
 */
import { AbandonedLockError, Lock, type OnOwnerDeath, type RawArray, RLock, RWLock } from "@interlock/core";
import { task } from "@interlock/pool";
import type { Report, Seat } from "../board.ts";
import { Crew, lanesOf, type Tally } from "../crew.ts";
import { Doom, reap } from "../doom.ts";
import { type Lane, runLanes } from "../lane.ts";
import { commit, count, createLedger, expectBalance, isIntact, repair, withCounts } from "../ledger.ts";
import { expect, type Scenario } from "../scenario.ts";
import { type Takable, takeAsync, takeBlocking } from "../take.ts";

type Side = Takable & { recover(): boolean; release(): void };

export const work = task(
  import.meta,
  "work",
  (seat: Seat, lock: Lock | RLock, { view: ledger }: RawArray<"int32">, mode: OnOwnerDeath): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const doom = new Doom(lane);
      while (!lane.stopping) {
        // Other lanes would enter again, so a lane that has company blocks in Locks only, which nobody enters again.
        const blocking = (lane.alone || lock instanceof Lock) && lane.random.chance(0.5);
        if (await takeOrRecover(lane, lock, lock, blocking, ledger, mode)) {
          const again = blocking && lock instanceof RLock && lane.random.chance(0.5);
          if (again) lock.acquire();
          await commit(lane, ledger, doom, lane.random.chance(0.5));
          if (again) lock.release();
          lane.do("release", () => lock.release());
        }
        if (lane.random.chance(0.2)) await doom.point();
        await lane.breathe();
      }
      doom.cancel();
    }),
);

export const readAndWork = task(
  import.meta,
  "readAndWork",
  (seat: Seat, lock: RWLock, { view: ledger }: RawArray<"int32">, mode: OnOwnerDeath): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const doom = new Doom(lane);
      const { readLock, writeLock } = lock;
      while (!lane.stopping) {
        const blocking = lane.random.chance(0.5);
        if (lane.random.chance(0.5)) {
          if (await takeOrRecover(lane, writeLock, writeLock, blocking, ledger, mode)) {
            await commit(lane, ledger, doom, lane.random.chance(0.5));
            lane.do("release", () => writeLock.release());
          }
        } else if (await takeToRead(lane, lock, blocking, ledger)) {
          // Where a dead writer's lock is handed over silently, readers may see what it left.
          lane.check(mode === "release" || isIntact(ledger), () => "A reader sees what a dead writer left");
          await lane.linger();
          await doom.point();
          lane.check(mode === "release" || isIntact(ledger), () => "What is read changed");
          lane.do("release", () => readLock.release());
        }
        await lane.breathe();
      }
      doom.cancel();
    }),
);

/** Takes `side`, if need be after its owner's death; then all is in order. Resolves to whether it holds. */
async function takeOrRecover(lane: Lane, side: Takable, owned: Side, blocking: boolean, ledger: Int32Array, mode: OnOwnerDeath): Promise<boolean> {
  let recovered = false;
  try {
    if (!(blocking ? takeBlocking(lane, side) : await takeAsync(lane, side))) return false;
  } catch (error) {
    if (!(error instanceof AbandonedLockError)) throw error;
    lane.check(mode === "error", () => "A lock that is handed over was reported as abandoned");
    // Another may be faster.
    if (!lane.do("recover", () => owned.recover())) return false;
    recovered = true;
    count(ledger, "abandonments");
  }
  if (!isIntact(ledger)) {
    lane.check(recovered || mode === "release", () => "Work is half-done, and no death was reported");
    repair(ledger);
    count(ledger, "repairs");
  }
  return true;
}

async function takeToRead(lane: Lane, { readLock, writeLock }: RWLock, blocking: boolean, ledger: Int32Array): Promise<boolean> {
  try {
    return blocking ? takeBlocking(lane, readLock) : await takeAsync(lane, readLock);
  } catch (error) {
    if (!(error instanceof AbandonedLockError)) throw error;
  }
  if (!lane.do("recover", () => writeLock.recover())) return false;
  count(ledger, "abandonments");
  if (!isIntact(ledger)) count(ledger, "repairs");
  repair(ledger);
  lane.do("release", () => writeLock.release());
  return false;
}

async function settle(side: Side, ledger: Int32Array, tally: Tally): Promise<Tally> {
  try {
    await side.acquireAsync({ timeout: 5000 });
  } catch (error) {
    if (!(error instanceof AbandonedLockError)) throw error;
    expect(side.recover(), () => "Cannot recover a lock though nobody else is left");
  }
  repair(ledger);
  side.release();
  expectBalance(ledger);
  return withCounts(tally, ledger);
}

function deathOf(name: string, mode: OnOwnerDeath, create: () => Lock | RLock | RWLock): Scenario {
  return {
    name: `death-${name}-${mode}`,
    deadly: true,
    async run(setting) {
      const lock = create();
      const board = createLedger(setting.threads);
      const start = (index: number): void => {
        if (lock instanceof RWLock) crew.start(readAndWork, 1, [lock, board, mode], index);
        else crew.start(work, lanesOf(index), [lock, board, mode], index);
      };
      const crew = new Crew(setting, ({ seat }) => {
        if (!crew.stopping) start(seat.index);
      });
      for (let i = 0; i < setting.threads; i++) start(i);
      const tally = await crew.run((signal) => reap(crew, signal, true));
      return settle(lock instanceof RWLock ? lock.writeLock : lock, board.view, tally);
    },
  };
}

export const scenarios: readonly Scenario[] = (["error", "release"] as const).flatMap((onOwnerDeath) => [
  deathOf("lock", onOwnerDeath, () => new Lock({ onOwnerDeath })),
  deathOf("rlock", onOwnerDeath, () => new RLock({ onOwnerDeath })),
  deathOf("rwlock", onOwnerDeath, () => new RWLock({ onOwnerDeath })),
]);
