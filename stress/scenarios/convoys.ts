/**
 * All come at once, each takes once, and nobody comes again until all have been served: a wake that is lost is not made
 * good by the traffic that follows.
 *
 * @module
 */
import { Lock, type RawArray, RLock, RWLock, Semaphore } from "@interlock/core";
import { task } from "@interlock/pool";
import type { Report, Seat } from "../board.ts";
import { Crew, lanesOf } from "../crew.ts";
import { type Lane, runLanes } from "../lane.ts";
import { expectEqual, type Scenario } from "../scenario.ts";
import { createWords } from "../words.ts";

/** Words of a meeting made of nothing but Atomics: how many have come, which round it is, and whether it is the last. */
const COME = 0;
const ROUND = 1;
const LAST = 2;

export const march = task(
  import.meta,
  "march",
  (seat: Seat, what: Lock | RLock | RWLock | Semaphore, board: RawArray<"int32">, size: number): Promise<Report> =>
    runLanes(seat, async (lane) => {
      while (await meet(lane, board, size)) {
        const side = what instanceof RWLock ? lane.random.pick([what.readLock, what.writeLock, what.writeLock]) : what;
        const permits = side instanceof Semaphore ? 1 + lane.random.below(2) : 1;
        const options = side instanceof Semaphore ? { permits } : {};
        const blocking = lane.alone && lane.random.chance(0.7);
        if (blocking) lane.do("acquire", () => side.acquire(options));
        else await lane.doAsync<unknown>("acquireAsync", () => side.acquireAsync(options));
        lane.count("taken");
        lane.spin();
        if (side instanceof Semaphore) side.release(permits);
        else side.release();
      }
    }),
);

/** Waits until all lanes have come. Resolves to whether there is another round. */
async function meet(lane: Lane, board: RawArray<"int32">, size: number): Promise<boolean> {
  const { view: words } = board;
  const { waiter } = board.memory;
  const round = Atomics.load(words, ROUND);
  if (Atomics.add(words, COME, 1) === size - 1) {
    Atomics.store(words, COME, 0);
    if (lane.stopping) Atomics.store(words, LAST, 1);
    Atomics.add(words, ROUND, 1);
    waiter.notify(words, ROUND, Infinity);
  }
  while (Atomics.load(words, ROUND) === round) {
    if (lane.alone) waiter.wait(words, ROUND, round, 5);
    else await waiter.waitAsync(words, ROUND, round, 5);
  }
  return Atomics.load(words, LAST) === 0;
}

function convoy(name: string, create: () => Lock | RLock | RWLock | Semaphore): Scenario {
  return {
    name: `${name}-convoy`,
    async run(setting) {
      const lanes = Array.from({ length: setting.threads }, (_, i) => lanesOf(i));
      const size = lanes.reduce((sum, n) => sum + n);
      const board = createWords(3);
      const what = create();
      const crew = new Crew(setting);
      for (const n of lanes) crew.start(march, n, [what, board, size]);
      const tally = await crew.run();
      expectEqual("the number of rounds that were not whole", (tally.counts["taken"] ?? 0) % size, 0);
      return tally;
    },
  };
}

export const scenarios: readonly Scenario[] = [
  convoy("lock", () => new Lock()),
  convoy("rlock", () => new RLock()),
  convoy("semaphore", () => new Semaphore(2)),
  convoy("rwlock", () => new RWLock()),
];
