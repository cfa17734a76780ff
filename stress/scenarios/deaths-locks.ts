/**
 * Owners of a Lock, an RLock or a side of a RWLock die; whoever comes next is told, repairs, and goes on.
 *
 * @module
 */
import { Lock, type OnOwnerDeath, type RawArray, RLock, RWLock } from "@interlock/core";
import { task } from "@interlock/pool";
import type { Report, Seat } from "../board.ts";
import { Crew, lanesOf } from "../crew.ts";
import { Doom, reap } from "../doom.ts";
import { runLanes } from "../lane.ts";
import { commit, createLedger, isIntact } from "../ledger.ts";
import { settle, takeOrRecover, takeToRead } from "../recover.ts";
import type { Scenario } from "../scenario.ts";

export const work = task(
  import.meta,
  "work",
  (seat: Seat, lock: Lock | RLock, { view: ledger }: RawArray<"int32">, mode: OnOwnerDeath): Promise<Report> =>
    runLanes(seat, async (lane) => {
      const doom = new Doom(lane);
      while (!lane.stopping) {
        // Other lanes would enter again, so a lane that has company blocks in Locks only, which nobody enters again.
        const blocking = (lane.alone || lock instanceof Lock) && lane.random.chance(0.5);
        if (await takeOrRecover(lane, lock, blocking, ledger, mode)) {
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
          if (await takeOrRecover(lane, writeLock, blocking, ledger, mode)) {
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
      const tally = await crew.run({ during: (signal) => reap(crew, signal, true) });
      return settle(lock instanceof RWLock ? lock.writeLock : lock, board.view, mode, tally);
    },
  };
}

export const scenarios: readonly Scenario[] = (["error", "release"] as const).flatMap((onOwnerDeath) => [
  deathOf("lock", onOwnerDeath, () => new Lock({ onOwnerDeath })),
  deathOf("rlock", onOwnerDeath, () => new RLock({ onOwnerDeath })),
  deathOf("rwlock", onOwnerDeath, () => new RWLock({ onOwnerDeath })),
]);
